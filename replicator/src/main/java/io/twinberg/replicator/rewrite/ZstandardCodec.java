package io.twinberg.replicator.rewrite;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.zip.DataFormatException;

/** Zstandard at the level that Iceberg writes by default. The level is not recorded in the file. */
final class ZstandardCodec implements BlockCodec {

  private static final int LEVEL = 1;
  private static final int FIRST_GUESS_FACTOR = 4;

  private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
  private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(LEVEL);

  /**
   * Decompresses in one piece. Streaming writers, such as Avro's, do not record the size in the
   * frame; then the buffer grows until the data fits, which the reused buffer makes rare.
   */
  @Override
  public Bytes decompress(Bytes block, Bytes buffer) throws DataFormatException {
    buffer.clear();
    buffer.reserve(firstGuess(block));
    while (true) {
      try {
        buffer.length =
            decompressor.decompressByteArray(
                buffer.array, 0, buffer.array.length, block.array, 0, block.length);
        return buffer;
      } catch (ZstdException e) {
        growOrFail(buffer, e);
      }
    }
  }

  private static int firstGuess(Bytes block) {
    return Math.min(ContainerReader.MAX_BLOCK_BYTES, FIRST_GUESS_FACTOR * block.length);
  }

  private static void growOrFail(Bytes buffer, ZstdException e) throws DataFormatException {
    if (e.getErrorCode() != Zstd.errDstSizeTooSmall()) {
      throw new DataFormatException("its zstandard data is damaged: " + e.getMessage());
    }
    if (buffer.array.length > ContainerReader.MAX_BLOCK_BYTES) {
      throw BlockCodec.tooLarge();
    }
    buffer.reserve(buffer.array.length + 1);
  }

  @Override
  public Bytes compress(Bytes plain, Bytes buffer) {
    buffer.clear();
    buffer.reserve((int) Zstd.compressBound(plain.length));
    buffer.length =
        compressor.compressByteArray(
            buffer.array, 0, buffer.array.length, plain.array, 0, plain.length);
    return buffer;
  }

  @Override
  public void close() {
    decompressor.close();
    compressor.close();
  }
}
