package io.twinberg.replicator.rewrite;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Builds a block's copy: the source's bytes with some values replaced. The edits of one record may
 * be given in any order, since writers order fields as they like.
 */
final class Splicer {

  private record Edit(int start, int end, byte[] replacement) {}

  private static final byte[] NOTHING = {};

  private final Bytes target = new Bytes(64 << 10);
  private final Bytes scratch = new Bytes(256);
  private final List<Edit> edits = new ArrayList<>();
  private final Cursor source;
  private int copied;

  Splicer(Cursor source) {
    this.source = source;
  }

  /** Begins the copy of the block that the cursor has entered. */
  void begin() {
    target.clear();
    edits.clear();
    copied = 0;
  }

  /** Puts a string in the place of a slot's value. */
  void replaceText(int slot, String text) {
    replace(source.start(slot), source.end(slot), text);
  }

  /** Puts a number in the place of a slot's value. */
  void replaceNumber(int slot, long number) {
    scratch.clear();
    scratch.appendNumber(number);
    edits.add(new Edit(source.start(slot), source.end(slot), scratch.copy()));
  }

  /** Puts another path in the place of a bound. */
  void replaceBound(BoundPlace bound, String path) {
    int before = bound.valueEnd - bound.valueStart;
    int after = replace(bound.valueStart, bound.valueEnd, path);
    if (bound.count < 0) {
      header(bound, bound.count, bound.size() + after - before);
    }
  }

  /** Takes a bound out of its map. */
  void removeBound(BoundPlace bound) {
    if (Math.abs(bound.count) == 1) {
      // A block of no items would end the array.
      edits.add(new Edit(bound.blockStart, bound.blockEnd, NOTHING));
      return;
    }
    edits.add(new Edit(bound.itemStart, bound.itemEnd, NOTHING));
    int left = bound.size() - (bound.itemEnd - bound.itemStart);
    header(bound, bound.count < 0 ? bound.count + 1 : bound.count - 1, left);
  }

  private void header(BoundPlace bound, long count, int size) {
    scratch.clear();
    scratch.appendNumber(count);
    if (count < 0) {
      scratch.appendNumber(size);
    }
    edits.add(new Edit(bound.blockStart, bound.itemsStart, scratch.copy()));
  }

  private int replace(int start, int end, String text) {
    scratch.clear();
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    scratch.appendNumber(utf8.length);
    scratch.append(utf8, 0, utf8.length);
    edits.add(new Edit(start, end, scratch.copy()));
    return scratch.length;
  }

  /** Carries out the edits of the record that the cursor has walked over. */
  void endRecord() {
    if (edits.size() > 1) {
      edits.sort(Comparator.comparingInt(Edit::start));
    }
    for (Edit edit : edits) {
      copyUpTo(edit.start());
      target.append(edit.replacement(), 0, edit.replacement().length);
      copied = edit.end();
    }
    edits.clear();
  }

  /** The whole copy of the block. */
  Bytes end() {
    copyUpTo(source.limit);
    return target;
  }

  private void copyUpTo(int position) {
    target.append(source.buffer, copied, position - copied);
    copied = position;
  }
}
