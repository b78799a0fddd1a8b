package io.twinberg.replicator.rewrite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Reads an Avro object container file block by block, without decompressing the blocks. */
final class ContainerReader {

  /** A thousand times the usual block; larger ones are refused before memory is spent on them. */
  static final int MAX_BLOCK_BYTES = 64 << 20;

  private static final int MAX_HEADER_BYTES = 64 << 20;
  private static final byte[] MAGIC = {'O', 'b', 'j', 1};
  private static final byte[] PARQUET_MAGIC = {'P', 'A', 'R', '1'};

  private final ContainerInput input;
  private final AvroHeader header;
  private final byte[] syncMarker;
  private final Bytes block = new Bytes(64 << 10);
  private final Bytes marker = new Bytes(AvroHeader.SYNC_BYTES);
  private long blockNumber;
  private long count;

  /** Opens a file and reads its header. */
  ContainerReader(InputStream in) throws IOException {
    this.input = new ContainerInput(in);
    this.header = readHeader();
    this.syncMarker = header.syncMarker();
  }

  AvroHeader header() {
    return header;
  }

  /** The current block as it stands in the file, compressed. */
  Bytes block() {
    return block;
  }

  /** The current block's number, beginning with 1. */
  long blockNumber() {
    return blockNumber;
  }

  /** How many records the current block says it has. */
  long count() {
    return count;
  }

  /** How many bytes of the file were read. */
  long position() {
    return input.position();
  }

  /** Reads the next block, or finds the end of the file. */
  boolean next() throws IOException {
    if (input.atEnd()) {
      return false;
    }
    blockNumber++;
    count = input.number();
    readBlock(input.number());
    marker.clear();
    input.readInto(marker, AvroHeader.SYNC_BYTES);
    if (!Arrays.equals(marker.array, syncMarker)) {
      throw corrupt("the sync marker behind it does not match the header's");
    }
    return true;
  }

  private void readBlock(long size) throws IOException {
    if (count < 0 || size < 0) {
      throw corrupt("it claims " + count + " records in " + size + " bytes");
    }
    if (size > MAX_BLOCK_BYTES) {
      throw corrupt("it claims " + size + " bytes; the limit is " + MAX_BLOCK_BYTES);
    }
    block.clear();
    input.readInto(block, (int) size);
  }

  CorruptManifestException corrupt(String what) {
    return new CorruptManifestException("block " + blockNumber + ": " + what);
  }

  private AvroHeader readHeader() throws IOException {
    Bytes raw = new Bytes(16 << 10);
    input.readInto(raw, MAGIC.length);
    requireMagic(Arrays.copyOf(raw.array, MAGIC.length));
    Map<String, byte[]> metadata = readMetadata(raw);
    input.readInto(raw, AvroHeader.SYNC_BYTES);
    return new AvroHeader(Arrays.copyOf(raw.array, raw.length), Map.copyOf(metadata));
  }

  private static void requireMagic(byte[] start) {
    if (Arrays.equals(start, PARQUET_MAGIC)) {
      throw new UnsupportedManifestException("a Parquet manifest (format version 4)");
    }
    if (!Arrays.equals(start, MAGIC)) {
      throw new CorruptManifestException("not an Avro file: it does not begin with 'Obj' and 1");
    }
  }

  private Map<String, byte[]> readMetadata(Bytes raw) throws IOException {
    Map<String, byte[]> metadata = new HashMap<>();
    for (long entries = input.number(raw); entries != 0; entries = input.number(raw)) {
      long blockEnd = entries < 0 ? input.number(raw) + raw.length : -1;
      for (long left = Math.abs(entries); left > 0; left--) {
        String key = new String(rawBytes(raw), StandardCharsets.UTF_8);
        metadata.put(key, rawBytes(raw));
      }
      if (blockEnd >= 0 && blockEnd != raw.length) {
        throw new CorruptManifestException("the header's metadata misses its own size");
      }
    }
    return metadata;
  }

  private byte[] rawBytes(Bytes raw) throws IOException {
    long length = input.number(raw);
    if (length < 0 || length > MAX_HEADER_BYTES - raw.length) {
      throw new CorruptManifestException("the header has a value of " + length + " bytes");
    }
    int from = raw.length;
    input.readInto(raw, (int) length);
    return Arrays.copyOfRange(raw.array, from, raw.length);
  }
}
