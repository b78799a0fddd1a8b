package io.twinberg.replicator.rewrite;

import java.util.OptionalInt;
import java.util.OptionalLong;

/** Makes a listed manifest of the slots that a walk has filled. */
final class ListedReader {

  private final Cursor cursor;

  ListedReader(Cursor cursor) {
    this.cursor = cursor;
  }

  ListedManifest read() {
    return new ListedManifest(
        path(),
        required(ListShape.LENGTH, "manifest_length"),
        content(),
        toInt(required(ListShape.SPEC_ID, "partition_spec_id")),
        required(ListShape.ADDED_SNAPSHOT_ID, "added_snapshot_id"),
        orZero(ListShape.SEQUENCE_NUMBER),
        orZero(ListShape.MIN_SEQUENCE_NUMBER),
        count(ListShape.ADDED_FILES),
        count(ListShape.EXISTING_FILES),
        count(ListShape.DELETED_FILES),
        firstRowId(),
        cursor.has(ListShape.KEY_METADATA));
  }

  String path() {
    required(ListShape.PATH, "manifest_path");
    return cursor.text(ListShape.PATH);
  }

  private int content() {
    long content = orZero(ListShape.CONTENT);
    if (content != 0 && content != 1) {
      throw cursor.corrupt("a manifest has content " + content);
    }
    return (int) content;
  }

  private OptionalInt count(int slot) {
    return cursor.has(slot) ? OptionalInt.of(toInt(cursor.number(slot))) : OptionalInt.empty();
  }

  private OptionalLong firstRowId() {
    return cursor.has(ListShape.FIRST_ROW_ID)
        ? OptionalLong.of(cursor.number(ListShape.FIRST_ROW_ID))
        : OptionalLong.empty();
  }

  private int toInt(long number) {
    if (number != (int) number) {
      throw cursor.corrupt("an int holds " + number);
    }
    return (int) number;
  }

  private long orZero(int slot) {
    return cursor.has(slot) ? cursor.number(slot) : 0;
  }

  private long required(int slot, String name) {
    if (!cursor.has(slot)) {
      throw cursor.corrupt("a manifest has no " + name);
    }
    return cursor.number(slot);
  }
}
