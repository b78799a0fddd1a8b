package io.twinberg.replicator.rewrite;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
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

  /** The seed of a random test: {@code -Dseed=} or a fresh one, printed so that it can be rerun. */
  static long seed(String test) {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println(test + " -Dseed=" + seed);
    return seed;
  }

  static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
