package io.twinberg.replicator.verify;

import java.util.OptionalLong;

/** Numbers by the hashes of locations: 16 bytes an entry and half as many free. */
final class LongTable {
  private static final int FIRST_SIZE = 1 << 10;

  private long[] keys = new long[FIRST_SIZE];
  private long[] values = new long[FIRST_SIZE];
  private int size;

  /** Puts a value where there is none yet, and returns the one that was there. */
  OptionalLong putIfAbsent(long key, long value) {
    int slot = slot(keys, key);
    if (keys[slot] == key) {
      return OptionalLong.of(values[slot]);
    }
    keys[slot] = key;
    values[slot] = value;
    size++;
    if (size > keys.length - keys.length / 3) {
      grow();
    }
    return OptionalLong.empty();
  }

  OptionalLong find(long key) {
    int slot = slot(keys, key);
    return keys[slot] == key ? OptionalLong.of(values[slot]) : OptionalLong.empty();
  }

  int size() {
    return size;
  }

  private static int slot(long[] keys, long key) {
    int slot = (int) key & (keys.length - 1);
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }

  private void grow() {
    long[] moreKeys = new long[Math.multiplyExact(keys.length, 2)];
    long[] moreValues = new long[moreKeys.length];
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != 0) {
        int slot = slot(moreKeys, keys[i]);
        moreKeys[slot] = keys[i];
        moreValues[slot] = values[i];
      }
    }
    keys = moreKeys;
    values = moreValues;
  }
}
