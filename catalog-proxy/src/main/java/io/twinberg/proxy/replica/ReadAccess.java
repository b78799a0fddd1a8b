package io.twinberg.proxy.replica;

import java.util.Map;

/**
 * How readers of a replica get at its files: what a load of a table tells them besides its
 * metadata.
 */
public sealed interface ReadAccess {
  /** The settings for one answer; never kept with the metadata. */
  Map<String, String> settings();

  /** Readers bring settings of their own. */
  record None() implements ReadAccess {
    @Override
    public Map<String, String> settings() {
      return Map.of();
    }
  }

  /** Every reader gets the same settings. */
  record Static(Map<String, String> settings) implements ReadAccess {
    /** Copies the map. */
    public Static {
      settings = Map.copyOf(settings);
    }

    /** Shows no settings, for they may be secret. */
    @Override
    public String toString() {
      return "Static[" + settings.keySet() + "]";
    }
  }
}
