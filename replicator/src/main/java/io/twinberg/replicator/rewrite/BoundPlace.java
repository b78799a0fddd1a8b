package io.twinberg.replicator.rewrite;

/**
 * Where the bound of the path column stands in the map of bounds that a walk has passed, and the
 * array block around it, whose count and size change with it.
 */
final class BoundPlace {
  boolean present;

  /** Where the block's count begins. */
  int blockStart;

  /** Behind the block's count, and behind its size where it has one. */
  int itemsStart;

  int blockEnd;

  /** The block's items; negative where the block carries its size in bytes. */
  long count;

  int itemStart;
  int itemEnd;

  /** Where the value's length prefix begins. */
  int valueStart;

  /** Where the value's bytes begin. */
  int bytesStart;

  int valueEnd;

  /** The size in bytes of the block's items. */
  int size() {
    return blockEnd - itemsStart;
  }
}
