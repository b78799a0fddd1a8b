package io.twinberg.replicator.rewrite;

import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Raw deflate, which Iceberg calls gzip. The level is not recorded in the file. */
final class DeflateCodec implements BlockCodec {

  /**
   * Some Python writers cut the zlib frame off imprecisely and leave up to four bytes of its
   * checksum behind the data; Avro's own reader does not look at them either.
   */
  private static final int TOLERATED_TAIL_BYTES = 4;

  private final Inflater inflater = new Inflater(true);
  private final Deflater deflater;

  DeflateCodec(int level) {
    this.deflater = new Deflater(level, true);
  }

  @Override
  public Bytes decompress(Bytes block, Bytes buffer) throws DataFormatException {
    buffer.clear();
    inflater.reset();
    inflater.setInput(block.array, 0, block.length);
    while (!inflater.finished()) {
      makeRoom(buffer);
      int got = inflater.inflate(buffer.array, buffer.length, room(buffer));
      if (got == 0 && !inflater.finished()) {
        throw new DataFormatException("its deflate stream ends too early");
      }
      buffer.length += got;
    }
    if (inflater.getRemaining() > TOLERATED_TAIL_BYTES) {
      throw new DataFormatException(inflater.getRemaining() + " bytes follow its deflate stream");
    }
    return buffer;
  }

  private static void makeRoom(Bytes buffer) throws DataFormatException {
    if (buffer.length > ContainerReader.MAX_BLOCK_BYTES) {
      throw BlockCodec.tooLarge();
    }
    if (room(buffer) == 0) {
      buffer.reserve(1);
    }
  }

  private static int room(Bytes buffer) {
    return buffer.array.length - buffer.length;
  }

  @Override
  public Bytes compress(Bytes plain, Bytes buffer) {
    buffer.clear();
    deflater.reset();
    deflater.setInput(plain.array, 0, plain.length);
    deflater.finish();
    while (!deflater.finished()) {
      if (room(buffer) == 0) {
        buffer.reserve(1);
      }
      buffer.length += deflater.deflate(buffer.array, buffer.length, room(buffer));
    }
    return buffer;
  }

  @Override
  public void close() {
    inflater.end();
    deflater.end();
  }
}
