package io.twinberg.identity;

import java.util.Optional;

/**
 * Client id and secret, {@code id:secret}; as Iceberg has it, also a secret alone.
 *
 * @param id absent where the secret says enough
 */
record ClientCredential(Optional<String> id, String secret) {
  static ClientCredential parse(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new ClientCredential(Optional.empty(), text.strip())
        : new ClientCredential(
            Optional.of(text.substring(0, colon).strip()), text.substring(colon + 1).strip());
  }

  @Override
  public String toString() {
    return "ClientCredential[****]";
  }
}
