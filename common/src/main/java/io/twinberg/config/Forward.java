package io.twinberg.config;

/** Whose credentials a call carries when it goes on to the source. */
public enum Forward {
  /** The caller's own; the source decides. */
  CLIENT,
  /** Twinberg's, after Twinberg's own access check. */
  TWINBERG
}
