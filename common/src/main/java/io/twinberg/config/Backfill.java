package io.twinberg.config;

/** The order in which the history of a table is copied when its replica begins. */
public enum Backfill {
  /** Oldest snapshot first, published at once as a version of the source. */
  ORDERED,
  /** The heads of all refs first, so that the table is readable soon. */
  HEADS_FIRST
}
