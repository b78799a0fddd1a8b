package io.twinberg.replica;

import java.util.Locale;

/** How much a pause takes in, from the widest to the narrowest, and alphabetically so. */
public enum PauseScope {
  /** Every replica. */
  ALL,
  /** Those at one destination. */
  DESTINATION,
  /** Those of one source. */
  SOURCE,
  /** Those of one source at one destination. */
  SOURCE_AT_DESTINATION,
  /** A table's. */
  TABLE;

  /** The word in the API. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
