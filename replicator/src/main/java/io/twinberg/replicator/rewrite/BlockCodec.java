package io.twinberg.replicator.rewrite;

import java.util.Set;
import java.util.zip.DataFormatException;

/** Compresses and decompresses the blocks of one file; not for use by several threads. */
interface BlockCodec extends AutoCloseable {

  /** The names in Avro headers that are known. */
  Set<String> KNOWN = Set.of("null", "deflate", "zstandard", "snappy");

  /**
   * Decompresses a block into the given buffer and returns it, or returns the block itself where
   * there is nothing to do. Throws DataFormatException for damaged data.
   */
  Bytes decompress(Bytes block, Bytes buffer) throws DataFormatException;

  /** Compresses a block into the given buffer and returns it, or returns the block itself. */
  Bytes compress(Bytes plain, Bytes buffer);

  @Override
  void close();

  /** The codec of a name in an Avro header. */
  static BlockCodec named(String name, int deflateLevel) {
    return switch (name) {
      case "null" -> new NoCodec();
      case "deflate" -> new DeflateCodec(deflateLevel);
      case "zstandard" -> new ZstandardCodec();
      case "snappy" -> new SnappyCodec();
      default -> throw unknown(name);
    };
  }

  /** Refuses a codec that {@link #named} does not know, also where no block needs it. */
  static void requireKnown(String name) {
    if (!KNOWN.contains(name)) {
      throw unknown(name);
    }
  }

  private static UnsupportedManifestException unknown(String name) {
    return new UnsupportedManifestException(
        "Avro codec '%s'; known are null, deflate, zstandard and snappy".formatted(name));
  }

  /** The error for a block that unfolds to more than we hold in memory. */
  static DataFormatException tooLarge() {
    return new DataFormatException(
        "it holds more than " + ContainerReader.MAX_BLOCK_BYTES + " bytes, the limit");
  }

  /** Blocks that are not compressed. */
  record NoCodec() implements BlockCodec {

    @Override
    public Bytes decompress(Bytes block, Bytes buffer) {
      return block;
    }

    @Override
    public Bytes compress(Bytes plain, Bytes buffer) {
      return plain;
    }

    @Override
    public void close() {}
  }
}
