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

  /** Refuse bounds of the path column; the field with this id is the key of a map's entries. */
  record BoundsGuard(int keyId) implements Wanted {}
}
