package io.twinberg.replicator.rewrite;

import java.io.IOException;
import java.util.zip.DataFormatException;

/** Walks over all records of a file, one block in memory at a time. */
final class RecordWalk {

  private final ContainerReader reader;
  private final BlockCodec codec;
  private final Step record;
  private final Cursor cursor;
  private final Bytes plain = new Bytes(64 << 10);
  private long left;

  RecordWalk(ContainerReader reader, BlockCodec codec, Step record, Cursor cursor) {
    this.reader = reader;
    this.codec = codec;
    this.record = record;
    this.cursor = cursor;
  }

  /** Reads and decompresses the next block, or finds the end of the file. */
  boolean nextBlock() throws IOException {
    if (!reader.next()) {
      return false;
    }
    try {
      cursor.enter(codec.decompress(reader.block(), plain), reader.blockNumber());
    } catch (DataFormatException e) {
      throw new CorruptManifestException(
          "block " + reader.blockNumber() + ": " + e.getMessage(), e);
    }
    left = reader.count();
    return true;
  }

  /** Goes back to the first record of the block. */
  void rewind() {
    cursor.rewind();
    left = reader.count();
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
