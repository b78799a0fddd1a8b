package io.twinberg.replicator.rewrite;

/**
 * A map of bounds by column id, written as an array of keys and values, in which the bound of the
 * path column is noted. Bounds make up most of a manifest's bytes, so this walk is a tight one.
 */
final class BoundItems extends Step {

  /** The reserved column id of {@code file_path} in position delete files. */
  static final int FILE_PATH_COLUMN = 2147483546;

  private final Step[] fields;
  private final int key;
  private final int value;
  private final int place;
  private final int minimumItemSize;

  /**
   * A walk over such items.
   *
   * @param key which of the fields is the column id
   * @param value which of the fields is the bound
   * @param place where the cursor notes the bound of the path column
   */
  BoundItems(Sequence item, int key, int value, int place) {
    super(1, item.height + 1);
    this.fields = item.fields;
    this.key = key;
    this.value = value;
    this.place = place;
    this.minimumItemSize = item.minimumSize;
  }

  @Override
  void walk(Cursor cursor) {
    while (true) {
      int start = cursor.position;
      long count = cursor.readNumber();
      if (count == 0) {
        return;
      }
      int promisedEnd = -1;
      if (count < 0) {
        int size = cursor.readLength();
        promisedEnd = cursor.position + size;
      }
      walkBlock(cursor, start, count, promisedEnd);
    }
  }

  private void walkBlock(Cursor cursor, int start, long count, int promisedEnd) {
    BoundPlace bound = cursor.bounds[place];
    boolean before = bound.present;
    int itemsStart = cursor.position;
    walkItems(cursor, bound, Items.requireCount(cursor, Math.abs(count), minimumItemSize));
    if (promisedEnd >= 0 && cursor.position != promisedEnd) {
      throw Items.missedEnd(cursor, promisedEnd - itemsStart, promisedEnd);
    }
    if (bound.present && !before) {
      bound.blockStart = start;
      bound.itemsStart = itemsStart;
      bound.blockEnd = cursor.position;
      bound.count = count;
    }
  }

  private void walkItems(Cursor cursor, BoundPlace bound, int count) {
    if (fields.length == 2 && key == 0) {
      for (int i = 0; i < count; i++) {
        int itemStart = cursor.position;
        boolean path = isPath(cursor);
        int valueStart = cursor.position;
        int length = cursor.readLength();
        cursor.position += length;
        if (path) {
          note(cursor, bound, itemStart, valueStart, cursor.position - length, cursor.position);
        }
      }
    } else {
      for (int i = 0; i < count; i++) {
        walkItem(cursor, bound);
      }
    }
  }

  private void walkItem(Cursor cursor, BoundPlace bound) {
    int itemStart = cursor.position;
    boolean path = false;
    int valueStart = 0;
    int bytesStart = 0;
    int valueEnd = 0;
    for (int i = 0; i < fields.length; i++) {
      if (i == key) {
        path = isPath(cursor);
      } else if (i == value) {
        valueStart = cursor.position;
        int length = cursor.readLength();
        bytesStart = cursor.position;
        cursor.position += length;
        valueEnd = cursor.position;
      } else {
        fields[i].walk(cursor);
      }
    }
    if (path) {
      note(cursor, bound, itemStart, valueStart, bytesStart, valueEnd);
    }
  }

  /**
   * Readers that decode an int ignore what is beyond its bits: to them it may be another column.
   */
  private static boolean isPath(Cursor cursor) {
    long column = cursor.readNumber();
    if (column != (int) column) {
      throw cursor.corrupt("a bound of column " + column);
    }
    return column == FILE_PATH_COLUMN;
  }

  private static void note(
      Cursor cursor, BoundPlace bound, int itemStart, int valueStart, int bytesStart, int end) {
    if (bound.present) {
      throw cursor.corrupt("two bounds of column " + FILE_PATH_COLUMN);
    }
    bound.present = true;
    bound.itemStart = itemStart;
    bound.itemEnd = cursor.position;
    bound.valueStart = valueStart;
    bound.bytesStart = bytesStart;
    bound.valueEnd = end;
  }
}
