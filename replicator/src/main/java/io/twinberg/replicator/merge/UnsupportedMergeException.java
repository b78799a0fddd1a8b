package io.twinberg.replicator.merge;

/** The source holds something that cannot be replicated; the message names it. */
public final class UnsupportedMergeException extends RuntimeException {
  public UnsupportedMergeException(String message) {
    super(message);
  }
}
