package io.twinberg.proxy.access;

import io.twinberg.config.Grant;
import java.util.List;

/** A token by which Twinberg knows a caller; never print it, it holds the secret. */
public record Token(String name, String secret, List<Grant> grants) {
  /** Checks that there is a secret, and copies the list. */
  public Token {
    if (secret.isBlank()) {
      throw new IllegalArgumentException("the secret of token " + name + " is empty");
    }
    grants = List.copyOf(grants);
  }

  @Override
  public String toString() {
    return "Token[name=" + name + ", grants=" + grants + "]";
  }
}
