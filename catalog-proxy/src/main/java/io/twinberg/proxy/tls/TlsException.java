package io.twinberg.proxy.tls;

/** PEM files cannot be used; the message names the file and the way out, never its content. */
public final class TlsException extends RuntimeException {
  TlsException(String message) {
    super(message);
  }

  TlsException(String message, Throwable cause) {
    super(message, cause);
  }
}
