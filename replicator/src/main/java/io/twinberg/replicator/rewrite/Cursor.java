package io.twinberg.replicator.rewrite;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A reading position in one decompressed block, and the slots into which a walk notes the fields
 * that somebody wants to see. Every move is checked against the end of the block: the buffer is
 * reused and holds remains of earlier blocks behind it.
 */
final class Cursor {

  private static final int ABSENT = -1;

  byte[] buffer = new byte[0];
  int position;
  int limit;

  /** Where the bounds of the path column stand: lower, upper. */
  final BoundPlace[] bounds = {new BoundPlace(), new BoundPlace()};

  private final long[] numbers;
  private final int[] starts;
  private final int[] ends;
  private long block;

  Cursor(int slots) {
    this.numbers = new long[slots];
    this.starts = new int[slots];
    this.ends = new int[slots];
  }

  /** Moves back to the beginning of the block. */
  void rewind() {
    position = 0;
  }

  /** Moves to the beginning of the next block. */
  void enter(Bytes plain, long blockNumber) {
    buffer = plain.array;
    position = 0;
    limit = plain.length;
    block = blockNumber;
  }

  int remaining() {
    return limit - position;
  }

  void forgetSlots() {
    Arrays.fill(starts, ABSENT);
    bounds[0].present = false;
    bounds[1].present = false;
  }

  boolean has(int slot) {
    return starts[slot] != ABSENT;
  }

  long number(int slot) {
    return numbers[slot];
  }

  /** Where the encoded value of a slot begins, its length prefix included. */
  int start(int slot) {
    return starts[slot];
  }

  int end(int slot) {
    return ends[slot];
  }

  /** Notes the number that begins here. */
  void keepNumber(int slot) {
    starts[slot] = position;
    numbers[slot] = readNumber();
    ends[slot] = position;
  }

  /** Notes a value that was walked over, and the number that would stand for its absence. */
  void keepSpan(int slot, int start, long absent) {
    starts[slot] = start;
    numbers[slot] = absent;
    ends[slot] = position;
  }

  /** Notes the length-prefixed bytes that begin here; the slot's number is where they begin. */
  void keepCounted(int slot) {
    starts[slot] = position;
    int length = readLength();
    numbers[slot] = position;
    position += length;
    ends[slot] = position;
  }

  /** Decodes the bytes of a slot. */
  String text(int slot) {
    return text((int) numbers[slot], ends[slot]);
  }

  /** Decodes the bytes of a bound. */
  String text(BoundPlace bound) {
    return text(bound.bytesStart, bound.valueEnd);
  }

  private String text(int from, int end) {
    String text = new String(buffer, from, end - from, StandardCharsets.UTF_8);
    // The decoder above replaces what is not UTF-8: such a path would be mapped to another file.
    if (text.indexOf('\uFFFD') >= 0) {
      requireUtf8(from, end - from);
    }
    return text;
  }

  /** Whether a bound holds exactly these bytes. */
  boolean holds(BoundPlace bound, byte[] expected) {
    return Arrays.equals(buffer, bound.bytesStart, bound.valueEnd, expected, 0, expected.length);
  }

  /** Whether both bounds of the path column are there and the same. */
  boolean boundsAreEqual() {
    BoundPlace lower = bounds[0];
    BoundPlace upper = bounds[1];
    return lower.present
        && upper.present
        && Arrays.equals(
            buffer, lower.bytesStart, lower.valueEnd, buffer, upper.bytesStart, upper.valueEnd);
  }

  private void requireUtf8(int from, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, from, length));
    } catch (CharacterCodingException e) {
      throw new CorruptManifestException(place() + "a path is not UTF-8", e);
    }
  }

  /** Whether a slot holds exactly these bytes. */
  boolean holds(int slot, byte[] expected) {
    int from = (int) numbers[slot];
    return Arrays.equals(buffer, from, ends[slot], expected, 0, expected.length);
  }

  /** Reads an Avro int or long. */
  long readNumber() {
    long raw = 0;
    int at = position;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at >= limit) {
        throw corrupt("it ends inside a value");
      }
      byte next = buffer[at++];
      raw |= (next & 0x7fL) << shift;
      if (next >= 0) {
        position = at;
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw corrupt("a number has more than ten bytes");
  }

  /** Reads the length of a string or of bytes and checks that so many bytes follow. */
  int readLength() {
    long length = readNumber();
    if (length < 0 || length > remaining()) {
      throw corrupt("a length of " + length + " with " + remaining() + " bytes left");
    }
    return (int) length;
  }

  void skipNumber(int maxBytes) {
    position = numberEnd(position, maxBytes);
  }

  /** The position behind the number that begins at the given one. */
  int numberEnd(int from, int maxBytes) {
    int last = Math.min(limit, from + maxBytes);
    int at = from;
    while (at < last) {
      if (buffer[at++] >= 0) {
        return at;
      }
    }
    throw corrupt(
        last == limit ? "it ends inside a value" : "a number has more than " + maxBytes + " bytes");
  }

  void skip(int count) {
    if (count > remaining()) {
      throw corrupt("it ends inside a value");
    }
    position += count;
  }

  CorruptManifestException corrupt(String what) {
    return new CorruptManifestException(place() + what);
  }

  private String place() {
    return "block " + block + ", near byte " + position + " of " + limit + ": ";
  }
}
