package io.twinberg.replicator.rewrite;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growable byte array that is reused from block to block. */
final class Bytes {

  /** Above this no block is built; a block of Avro's usual size has 64 kB. */
  private static final int MAX_LENGTH = 256 << 20;

  byte[] array;
  int length;

  Bytes(int capacity) {
    this.array = new byte[capacity];
  }

  void clear() {
    length = 0;
  }

  byte[] copy() {
    return Arrays.copyOf(array, length);
  }

  /** Makes room for so many more bytes behind the current end. */
  void reserve(int more) {
    long needed = (long) length + more;
    if (needed > MAX_LENGTH) {
      throw new UnsupportedManifestException(
          "a block grows above " + MAX_LENGTH + " bytes; the manifest has too large blocks");
    }
    if (needed > array.length) {
      array = Arrays.copyOf(array, (int) Math.min(MAX_LENGTH, Math.max(needed, 2L * array.length)));
    }
  }

  void append(byte[] source, int from, int count) {
    reserve(count);
    System.arraycopy(source, from, array, length, count);
    length += count;
  }

  void append(byte value) {
    reserve(1);
    array[length++] = value;
  }

  /** Appends a number as Avro writes int and long: zigzag, seven bits per byte. */
  void appendNumber(long number) {
    reserve(10);
    long raw = (number << 1) ^ (number >> 63);
    while ((raw & ~0x7fL) != 0) {
      array[length++] = (byte) (raw | 0x80);
      raw >>>= 7;
    }
    array[length++] = (byte) raw;
  }

  /** Appends a string as Avro writes it: its length in bytes, then UTF-8. */
  void appendText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    appendNumber(utf8.length);
    append(utf8, 0, utf8.length);
  }
}
