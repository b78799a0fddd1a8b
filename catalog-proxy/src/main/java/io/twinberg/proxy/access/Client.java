package io.twinberg.proxy.access;

import java.util.Optional;

/**
 * Who asks for an access token; never print it, it holds the secret.
 *
 * @param id the name of one of Twinberg's tokens, where the client says it
 */
public record Client(Optional<String> id, String secret) {
  @Override
  public String toString() {
    return "Client[id=" + id + "]";
  }
}
