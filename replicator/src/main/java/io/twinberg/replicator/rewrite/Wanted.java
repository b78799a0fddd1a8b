package io.twinberg.replicator.rewrite;

import java.util.Map;

/** What to do with a field of a certain Iceberg field id. */
sealed interface Wanted {

  /** Note an int or long. */
  record Number(int slot) implements Wanted {}

  /** Note a string. */
  record Text(int slot) implements Wanted {}

  /** Note bytes. */
  record Blob(int slot) implements Wanted {}

  /** Look into a record. */
  record Inside(Map<Integer, Wanted> fields) implements Wanted {}

  /**
   * Note the bound of the path column.
   *
   * @param place 0 for lower, 1 for upper
   * @param keyId the field id of the keys of the map
   * @param valueId the field id of its values
   */
  record Bounds(int place, int keyId, int valueId) implements Wanted {}

  /** Note where an array stands and what would stand there if it were missing. */
  record Clearable(int slot) implements Wanted {}
}
