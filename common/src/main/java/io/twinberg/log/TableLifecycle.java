package io.twinberg.log;

/** Whether a source table is still where its name says. */
public enum TableLifecycle {
  /** The source has it under its name. */
  ACTIVE,
  /** A successful listing of the source did not have it any more. */
  DROPPED,
  /** Another table, or another history of the same table, has taken its name. */
  SUPERSEDED
}
