package io.twinberg.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** All tokens of the API as they were at one moment. */
public record TokenTable(List<ApiToken> tokens) {
  static final TokenTable EMPTY = new TokenTable(List.of());

  /** Copies the list. */
  public TokenTable {
    tokens = List.copyOf(tokens);
  }

  /** The token of a name. */
  public Optional<ApiToken> named(String name) {
    return tokens.stream().filter(token -> token.name().equals(name)).findFirst();
  }

  /** Compares with every token, so that the time tells neither which matches nor how far. */
  public Optional<ApiToken> withSecret(TokenSecret secret) {
    byte[] hash = bytes(secret.hash());
    Optional<ApiToken> found = Optional.empty();
    for (ApiToken candidate : tokens) {
      if (MessageDigest.isEqual(bytes(candidate.secretHash()), hash)) {
        found = Optional.of(candidate);
      }
    }
    return found;
  }

  private static byte[] bytes(String hash) {
    return hash.getBytes(StandardCharsets.US_ASCII);
  }
}
