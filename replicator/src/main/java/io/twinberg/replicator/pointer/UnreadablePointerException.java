package io.twinberg.replicator.pointer;

/** A pointer object cannot be read; nothing is recovered from a guess. */
public final class UnreadablePointerException extends RuntimeException {
  /** Names the object and the problem. */
  public UnreadablePointerException(String location, String problem) {
    super("pointer object " + location + ": " + problem);
  }
}
