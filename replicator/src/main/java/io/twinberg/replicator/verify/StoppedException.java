package io.twinberg.replicator.verify;

/** A verification was told to end before it was done. */
public final class StoppedException extends RuntimeException {
  /** Says why. */
  public StoppedException(String message) {
    super(message);
  }
}
