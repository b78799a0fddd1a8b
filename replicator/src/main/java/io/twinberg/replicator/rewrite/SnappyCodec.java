package io.twinberg.replicator.rewrite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyError;

/** Snappy as Avro frames it: the data, then the big-endian CRC32 of what it unfolds to. */
final class SnappyCodec implements BlockCodec {

  private static final int CHECKSUM_BYTES = 4;

  private final CRC32 crc = new CRC32();

  @Override
  public Bytes decompress(Bytes block, Bytes buffer) throws DataFormatException {
    int length = block.length - CHECKSUM_BYTES;
    if (length < 0) {
      throw new DataFormatException("it is too short for snappy's checksum");
    }
    try {
      unfold(block, length, buffer);
    } catch (IOException | SnappyError e) {
      throw new DataFormatException("its snappy data is damaged: " + e.getMessage());
    }
    if (checksum(buffer) != ByteBuffer.wrap(block.array).getInt(length)) {
      throw new DataFormatException("its data does not match snappy's checksum");
    }
    return buffer;
  }

  private static void unfold(Bytes block, int length, Bytes buffer)
      throws IOException, DataFormatException {
    int plainLength = Snappy.uncompressedLength(block.array, 0, length);
    if (plainLength < 0 || plainLength > ContainerReader.MAX_BLOCK_BYTES) {
      throw BlockCodec.tooLarge();
    }
    buffer.clear();
    buffer.reserve(plainLength);
    buffer.length = Snappy.uncompress(block.array, 0, length, buffer.array, 0);
  }

  @Override
  public Bytes compress(Bytes plain, Bytes buffer) {
    buffer.clear();
    buffer.reserve(Snappy.maxCompressedLength(plain.length) + CHECKSUM_BYTES);
    try {
      buffer.length = Snappy.compress(plain.array, 0, plain.length, buffer.array, 0);
    } catch (IOException e) {
      throw new UncheckedIOException("snappy could not compress " + plain.length + " bytes", e);
    }
    ByteBuffer.wrap(buffer.array).putInt(buffer.length, checksum(plain));
    buffer.length += CHECKSUM_BYTES;
    return buffer;
  }

  private int checksum(Bytes plain) {
    crc.reset();
    crc.update(plain.array, 0, plain.length);
    return (int) crc.getValue();
  }

  @Override
  public void close() {}
}
