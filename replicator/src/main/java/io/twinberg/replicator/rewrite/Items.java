package io.twinberg.replicator.rewrite;

/**
 * An array, or a map (which Avro writes like an array of key and value): blocks of items, each
 * behind a count. A negative count is followed by the block's size in bytes; the size stays valid,
 * because nothing inside such arrays is ever edited (bounds are {@link BoundItems}), and is checked
 * instead of trusted.
 */
class Items extends Step {

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
      throw missedEnd(cursor, size, end);
    }
  }

  static CorruptManifestException missedEnd(Cursor cursor, int size, int end) {
    return cursor.corrupt(
        "an array block of " + size + " bytes misses its end by " + (cursor.position - end));
  }

  private void walkBlock(Cursor cursor, long count) {
    walkItems(cursor, requireCount(cursor, count, item.minimumSize));
  }

  /** Checks that so many items can follow; a minimum size of zero means items of no bytes. */
  static int requireCount(Cursor cursor, long count, int minimumSize) {
    int most = minimumSize == 0 ? MAX_ITEMS_WITHOUT_BYTES : cursor.remaining() / minimumSize;
    // Also catches the one count that has no opposite: Long.MIN_VALUE stays negative.
    if (count < 0 || count > most) {
      throw cursor.corrupt("a count of " + count + " with " + cursor.remaining() + " bytes left");
    }
    return (int) count;
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
}
