package io.twinberg.proxy.http;

/** The listener cannot be started; the message names the setting and the way out. */
public final class ListenerException extends RuntimeException {
  ListenerException(String message, Throwable cause) {
    super(message, cause);
  }
}
