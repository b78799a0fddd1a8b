package io.twinberg.replicator.rewrite;

/** Builds a block's copy: the source's bytes with some values replaced, in order of position. */
final class Splicer {

  private final Bytes target = new Bytes(64 << 10);
  private final Cursor source;
  private int copied;

  Splicer(Cursor source) {
    this.source = source;
  }

  /** Begins the copy of the block that the cursor has entered. */
  void begin() {
    target.clear();
    copied = 0;
  }

  /** Puts a string in the place of a slot's value. */
  void replaceText(int slot, String text) {
    copyUpTo(source.start(slot));
    target.appendText(text);
    copied = source.end(slot);
  }

  /** Puts a number in the place of a slot's value. */
  void replaceNumber(int slot, long number) {
    copyUpTo(source.start(slot));
    target.appendNumber(number);
    copied = source.end(slot);
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
