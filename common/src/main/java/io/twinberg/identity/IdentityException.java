package io.twinberg.identity;

/**
 * Twinberg cannot prove who it is: no token or no keys can be had. The message names the place and
 * never a secret.
 */
public final class IdentityException extends RuntimeException {
  IdentityException(String message) {
    super(message);
  }

  IdentityException(String message, Throwable cause) {
    super(message, cause);
  }
}
