package io.twinberg.proxy.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/** The tokens of the configuration, found by what callers send. */
final class KnownTokens {
  private final List<Known> known;

  private record Known(byte[] hash, Token token) {}

  KnownTokens(List<Token> tokens) {
    this.known = tokens.stream().map(token -> new Known(hash(token.secret()), token)).toList();
  }

  Optional<Token> named(String name) {
    return known.stream().map(Known::token).filter(it -> it.name().equals(name)).findFirst();
  }

  /** Compares with every token, so that the time tells neither which matches nor how far. */
  Optional<Token> withSecret(String secret) {
    byte[] hash = hash(secret);
    Optional<Token> found = Optional.empty();
    for (Known candidate : known) {
      if (MessageDigest.isEqual(candidate.hash(), hash)) {
        found = Optional.of(candidate.token());
      }
    }
    return found;
  }

  /** The token of a client; a client that says its name must say the right one. */
  Optional<Token> of(Client client) {
    Optional<Token> found = withSecret(client.secret());
    return found.filter(token -> client.id().orElse(token.name()).equals(token.name()));
  }

  private static byte[] hash(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
