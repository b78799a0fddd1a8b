package io.twinberg.replicator.delete;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replicator.rewrite.PathMapping;
import io.twinberg.source.MetadataJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;

/**
 * The footer of a Puffin file: a magic, JSON, the JSON's length, flags, the magic again.
 *
 * @param start where it begins in the file, behind the last blob
 */
record PuffinFooter(long start, ObjectNode json) {
  private static final byte[] MAGIC = {'P', 'F', 'A', '1'};
  private static final int STRUCT_BYTES = 12;
  private static final int COMPRESSED = 1;
  private static final int MAX_BYTES = 64 << 20;
  private static final String REFERENCED = "referenced-data-file";

  /** Reads the footer of a file; what is wrong with it is told by an IOException. */
  static PuffinFooter read(RandomAccessFile file) throws IOException {
    requireMagic(bytes(file, 0, MAGIC.length));
    byte[] struct = bytes(file, file.length() - STRUCT_BYTES, STRUCT_BYTES);
    requireMagic(Arrays.copyOfRange(struct, 8, STRUCT_BYTES));
    ByteBuffer numbers = ByteBuffer.wrap(struct).order(ByteOrder.LITTLE_ENDIAN);
    int length = numbers.getInt();
    int flags = numbers.getInt();
    if (length < 0 || length > MAX_BYTES) {
      throw new IOException("its footer claims " + length + " bytes");
    }
    if ((flags & ~COMPRESSED) != 0) {
      throw new IOException("its footer has unknown flags: " + Integer.toHexString(flags));
    }
    long start = file.length() - STRUCT_BYTES - length - MAGIC.length;
    requireMagic(bytes(file, start, MAGIC.length));
    byte[] payload = bytes(file, start + MAGIC.length, length);
    return new PuffinFooter(
        start, MetadataJson.parse(flags == COMPRESSED ? unfolded(payload) : payload));
  }

  private static byte[] bytes(RandomAccessFile file, long from, int count) throws IOException {
    if (from < 0 || from + count > file.length()) {
      throw new IOException("it is too short for a Puffin file");
    }
    byte[] bytes = new byte[count];
    file.seek(from);
    file.readFully(bytes);
    return bytes;
  }

  private static void requireMagic(byte[] bytes) throws IOException {
    if (!Arrays.equals(bytes, MAGIC)) {
      throw new IOException("PFA1 is not where a Puffin file has it");
    }
  }

  private static byte[] unfolded(byte[] payload) throws IOException {
    try (var in = new FramedLZ4CompressorInputStream(new ByteArrayInputStream(payload))) {
      byte[] plain = in.readNBytes(MAX_BYTES);
      if (in.read() >= 0) {
        throw new IOException("its footer unfolds to more than " + MAX_BYTES + " bytes");
      }
      return plain;
    }
  }

  /** Maps the data file that each blob belongs to; every other word of the footer stays. */
  void mapPaths(PathMapping mapping) {
    for (JsonNode blob : json.path("blobs")) {
      if (blob.path("properties") instanceof ObjectNode properties
          && properties.path(REFERENCED).isTextual()) {
        properties.put(REFERENCED, mapping.map(properties.path(REFERENCED).textValue()));
      }
    }
  }

  /** The footer's bytes, not compressed: Iceberg's Java readers know no other. */
  byte[] bytes() {
    byte[] payload = MetadataJson.write(json);
    return ByteBuffer.allocate(MAGIC.length + payload.length + STRUCT_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put(payload)
        .putInt(payload.length)
        .putInt(0)
        .put(MAGIC)
        .array();
  }
}
