package io.twinberg.replicator.rewrite;

/**
 * An array, or a map (which Avro writes like an array of key and value): blocks of items, each
 * behind a count. A negative count is followed by the block's size in bytes; the size stays valid,
 * because nothing inside arrays is ever edited, and is checked instead of trusted.
 */
class Items extends Step {

  /** The reserved column id of {@code file_path} in position delete files. */
  static final int FILE_PATH_COLUMN = 2147483546;

  /** No bytes bound the count of such items, and readers of the copy would build them all. */
  private static final int MAX_ITEMS_WITHOUT_BYTES = 1 << 20;

  private final Step item;

  private Items(Step item) {
    super(1, item.height + 1);
    this.item = item;
  }

  /** Picks the quickest walk; column statistics make up most of a manifest's bytes. */
  static Items of(Step item) {
    if (item instanceof Sequence sequence && sequence.fields.length == 2) {
      Step key = sequence.fields[0];
      Step value = sequence.fields[1];
      if (key == INT && value == LONG) {
        return new Counts(item);
      }
      if (key instanceof BoundKey && value == COUNTED) {
        return new Bounds(item);
      }
    }
    return new Items(item);
  }

  @Override
  final void walk(Cursor cursor) {
    for (long count = cursor.readNumber(); count != 0; count = cursor.readNumber()) {
      if (count > 0) {
        walkBlock(cursor, count);
      } else {
        walkSizedBlock(cursor, -count);
      }
    }
  }

  private void walkSizedBlock(Cursor cursor, long count) {
    int size = cursor.readLength();
    int end = cursor.position + size;
    walkBlock(cursor, count);
    if (cursor.position != end) {
      throw cursor.corrupt(
          "an array block of " + size + " bytes misses its end by " + (cursor.position - end));
    }
  }

  private void walkBlock(Cursor cursor, long count) {
    int most = item == NOTHING ? MAX_ITEMS_WITHOUT_BYTES : cursor.remaining() / item.minimumSize;
    // Also catches the one count that has no opposite: Long.MIN_VALUE stays negative.
    if (count < 0 || count > most) {
      throw cursor.corrupt("a count of " + count + " with " + cursor.remaining() + " bytes left");
    }
    walkItems(cursor, (int) count);
  }

  void walkItems(Cursor cursor, int count) {
    for (int i = 0; i < count; i++) {
      item.walk(cursor);
    }
  }

  /** Pairs of int and long: column sizes and all kinds of value counts. */
  private static final class Counts extends Items {
    Counts(Step item) {
      super(item);
    }

    @Override
    void walkItems(Cursor cursor, int count) {
      int at = cursor.position;
      for (int i = 0; i < count; i++) {
        at = cursor.numberEnd(at, 5);
        at = cursor.numberEnd(at, 10);
      }
      cursor.position = at;
    }
  }

  /** Pairs of column id and bytes: lower and upper bounds. */
  private static final class Bounds extends Items {
    Bounds(Step item) {
      super(item);
    }

    @Override
    void walkItems(Cursor cursor, int count) {
      for (int i = 0; i < count; i++) {
        BoundKey.refuseFilePath(cursor);
        int length = cursor.readLength();
        cursor.position += length;
      }
    }
  }

  /**
   * The column id in front of a bound. Bounds of the path column hold paths; as long as they are
   * not mapped, meeting one ends the transcoding, since a copy with the old path would lose
   * deletes.
   */
  static final class BoundKey extends Step {
    BoundKey() {
      super(1, 1);
    }

    @Override
    void walk(Cursor cursor) {
      refuseFilePath(cursor);
    }

    static void refuseFilePath(Cursor cursor) {
      if (cursor.readNumber() == FILE_PATH_COLUMN) {
        throw new UnsupportedManifestException(
            "bounds of column 2147483546 (file_path of a position delete file): "
                + "delete manifests cannot be rewritten yet");
      }
    }
  }
}
