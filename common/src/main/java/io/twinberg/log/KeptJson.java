package io.twinberg.log;

import io.twinberg.database.Gzip;
import org.jspecify.annotations.Nullable;

/**
 * Raw JSON that rows of the log keep compressed. What is written to one row and then to another is
 * compressed once.
 */
public final class KeptJson {
  // Either may be missing, never both; each is computed when first asked for, twice at worst.
  private volatile byte @Nullable [] bytes;
  private volatile byte @Nullable [] compressed;

  private KeptJson(byte @Nullable [] bytes, byte @Nullable [] compressed) {
    this.bytes = bytes;
    this.compressed = compressed;
  }

  /** JSON as a source answered it. */
  public static KeptJson of(byte[] bytes) {
    return new KeptJson(bytes, null);
  }

  /** JSON as a row has it. */
  static KeptJson kept(byte[] compressed) {
    return new KeptJson(null, compressed);
  }

  /** The JSON itself, as it was; not to be changed. */
  public byte[] bytes() {
    byte[] known = bytes;
    if (known == null) {
      known = Gzip.decompress(compressed);
      bytes = known;
    }
    return known;
  }

  byte[] compressed() {
    byte[] known = compressed;
    if (known == null) {
      known = Gzip.compress(bytes);
      compressed = known;
    }
    return known;
  }
}
