package io.twinberg.log;

/** Whether a source table is still where its name says. */
public enum TableLifecycle {
  /** The source has it under its name. */
  ACTIVE,
  /** A successful listing of the source did not have it any more. */
  DROPPED,
  /** Another table has taken its name; it comes back when its UUID turns up under another one. */
  SUPERSEDED,
  /** Its history went back; another incarnation goes on under its UUID, and this one never does. */
  ENDED
}
