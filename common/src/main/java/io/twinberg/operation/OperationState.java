package io.twinberg.operation;

import java.util.Locale;

/** How far an operation is. */
public enum OperationState {
  /** It waits for a replicator. */
  REQUESTED,
  /** A replicator has claimed it. */
  RUNNING,
  /** It was done; its result says what came of it. */
  COMPLETED,
  /** It could not be done; its summary says why. */
  FAILED,
  /** Somebody called it off; its summary says who. */
  CANCELLED;

  /** The word in the API. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it goes no further. */
  public boolean finished() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }
}
