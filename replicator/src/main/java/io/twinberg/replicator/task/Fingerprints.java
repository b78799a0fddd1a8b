package io.twinberg.replicator.task;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A set of paths of which it keeps 128 bits each, in two arrays: a million take 32 MB. */
public final class Fingerprints {
  private static final int FIRST_CAPACITY = 1 << 10;

  private final MessageDigest digest = sha256();
  private long[] pairs = new long[2 * FIRST_CAPACITY];
  private int size;

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Adds a path; false when it was there already. */
  public synchronized boolean add(String path) {
    if (size * 4L >= capacity() * 3L) {
      grow();
    }
    ByteBuffer bits = digest(path);
    boolean fresh = put(pairs, high(bits), bits.getLong(8));
    size += fresh ? 1 : 0;
    return fresh;
  }

  /** Whether a path was added. */
  public synchronized boolean contains(String path) {
    if (size == 0) {
      return false;
    }
    ByteBuffer bits = digest(path);
    int slot = slot(pairs, high(bits), bits.getLong(8));
    return pairs[slot] != 0;
  }

  /** How many different paths were added. */
  public synchronized int size() {
    return size;
  }

  private int capacity() {
    return pairs.length / 2;
  }

  private ByteBuffer digest(String path) {
    return ByteBuffer.wrap(digest.digest(path.getBytes(StandardCharsets.UTF_8)));
  }

  /** Zero means that a slot is free. */
  private static long high(ByteBuffer bits) {
    long high = bits.getLong(0);
    return high == 0 ? 1 : high;
  }

  private void grow() {
    long[] larger = new long[2 * pairs.length];
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i] != 0) {
        put(larger, pairs[i], pairs[i + 1]);
      }
    }
    pairs = larger;
  }

  private static boolean put(long[] pairs, long high, long low) {
    int slot = slot(pairs, high, low);
    boolean fresh = pairs[slot] == 0;
    pairs[slot] = high;
    pairs[slot + 1] = low;
    return fresh;
  }

  /** Where these bits stand or would stand; the arrays are never full. */
  private static int slot(long[] pairs, long high, long low) {
    int mask = pairs.length / 2 - 1;
    int at = (int) high & mask;
    while (pairs[2 * at] != 0 && (pairs[2 * at] != high || pairs[2 * at + 1] != low)) {
      at = (at + 1) & mask;
    }
    return 2 * at;
  }
}
