package io.twinberg.replicator.task;

import io.twinberg.replicator.rewrite.ManifestEntries;
import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Files that the destination has, read from its own vouched manifests: what a writer says about an
 * entry's age is no proof. Keeps 128 bits a file, so that a million files fit.
 */
final class KnownFiles {
  private record Fingerprint(long high, long low) {}

  private final Set<Fingerprint> live = new HashSet<>();

  /** Reads the live entries of manifests that stand at the destination. */
  static KnownFiles of(List<String> manifests, ObjectStore destination) {
    KnownFiles known = new KnownFiles();
    manifests.forEach(manifest -> known.read(manifest, destination));
    return known;
  }

  private void read(String manifest, ObjectStore destination) {
    try (InputStream in = destination.open(manifest)) {
      ManifestEntries.read(
          in,
          entry -> {
            if (entry.isLive()) {
              live.add(fingerprint(entry.path()));
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a target path is one of them. */
  boolean contains(String targetPath) {
    return !live.isEmpty() && live.contains(fingerprint(targetPath));
  }

  private static Fingerprint fingerprint(String path) {
    try {
      ByteBuffer digest =
          ByteBuffer.wrap(
              MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8)));
      return new Fingerprint(digest.getLong(), digest.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
