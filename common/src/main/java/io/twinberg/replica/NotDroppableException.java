package io.twinberg.replica;

/** A replica may not be dropped as things stand; the message says why, and what to do first. */
public final class NotDroppableException extends RuntimeException {
  /** Says why, and what to do first. */
  public NotDroppableException(String message) {
    super(message);
  }
}
