package io.twinberg.replicator.rewrite;

import java.io.IOException;
import java.util.zip.DataFormatException;

/** Walks over the records of one block at a time. */
final class RecordWalk {

  private final BlockCodec codec;
  private final Step record;
  private final Cursor cursor;
  private final Bytes plain = new Bytes(64 << 10);
  private long count;
  private long left;

  RecordWalk(BlockCodec codec, Step record, Cursor cursor) {
    this.codec = codec;
    this.record = record;
    this.cursor = cursor;
  }

  /** Reads and decompresses the next block of a file, or finds its end. */
  boolean nextBlock(ContainerReader reader) throws IOException {
    if (!reader.next()) {
      return false;
    }
    enter(reader.block(), reader.count(), reader.blockNumber());
    return true;
  }

  /** Decompresses a block. */
  void enter(Bytes block, long records, long number) {
    try {
      cursor.enter(codec.decompress(block, plain), number);
    } catch (DataFormatException e) {
      throw new CorruptManifestException("block " + number + ": " + e.getMessage(), e);
    }
    count = records;
    left = records;
  }

  /** Goes back to the first record of the block. */
  void rewind() {
    cursor.rewind();
    left = count;
  }

  /**
   * Walks over the next record of the block, or finds the block's end, where nothing may follow.
   */
  boolean nextRecord() {
    if (left == 0) {
      requireBlockEnd();
      return false;
    }
    left--;
    cursor.forgetSlots();
    record.walk(cursor);
    return true;
  }

  private void requireBlockEnd() {
    if (cursor.remaining() > 0) {
      throw cursor.corrupt(cursor.remaining() + " bytes follow its last record");
    }
  }
}
