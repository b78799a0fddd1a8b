package io.twinberg.replicator.rewrite;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.ManifestFixtures;

/** Short forms for tests: bytes in, bytes out; seeds. */
final class Transcodings {

  static final String TARGET = "s3://replica-eu-1/twinberg/sales/orders-0a1b2c";

  /** Moves everything below the fixtures' table, leaves the rest. */
  static final PathMapping TO_REPLICA = path -> moved(path, ManifestFixtures.SOURCE, TARGET);

  static final PathMapping BACK = path -> moved(path, TARGET, ManifestFixtures.SOURCE);

  private Transcodings() {}

  private static String moved(String path, String from, String to) {
    return path.startsWith(from + "/") ? to + path.substring(from.length()) : path;
  }

  static byte[] transcode(byte[] file, PathMapping mapping) {
    return transcode(file, mapping, (entry, target) -> {});
  }

  static byte[] transcode(byte[] file, PathMapping mapping, EntryVisitor visitor) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    run(file, out, mapping, visitor);
    return out.toByteArray();
  }

  static TranscodedManifest run(
      byte[] file, ByteArrayOutputStream out, PathMapping mapping, EntryVisitor visitor) {
    try {
      return new ManifestTranscoder(mapping)
          .transcode(new ByteArrayInputStream(file), out, visitor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of no blocks with the given metadata. */
  static byte[] headerOnly(Map<String, String> metadata) {
    Bytes file = new Bytes(100);
    file.append(new byte[] {'O', 'b', 'j', 1}, 0, 4);
    file.appendNumber(metadata.size());
    metadata.forEach(
        (key, value) -> {
          file.appendText(key);
          file.appendText(value);
        });
    file.appendNumber(0);
    file.append(new byte[16], 0, 16);
    return Arrays.copyOf(file.array, file.length);
  }

  /** The seed of a random test: {@code -Dseed=} or a fresh one, printed so that it can be rerun. */
  static long seed(String test) {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println(test + " -Dseed=" + seed);
    return seed;
  }

  /** Neighbouring seeds begin with nearly the same numbers unless they are spread first. */
  static Random random(long seed) {
    return new Random(seed * 0x9E3779B97F4A7C15L);
  }
}
