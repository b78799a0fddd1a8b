package io.twinberg.replicator.task;

import io.twinberg.replicator.rewrite.BadManifestException;
import io.twinberg.replicator.rewrite.ManifestEntries;
import io.twinberg.replicator.rewrite.ManifestProblemException;
import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Files that the destination has, read from its own vouched manifests: what a writer says about an
 * entry's age is no proof. Keeps little of each, so that a million files fit.
 */
public final class KnownFiles {
  private final Fingerprints live = new Fingerprints();

  /** Reads the live entries of manifests that stand at the destination. */
  public static KnownFiles of(List<String> manifests, ObjectStore destination) {
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
              live.add(entry.path());
            }
          });
    } catch (ManifestProblemException e) {
      throw new BadManifestException(manifest, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a target path is one of them. */
  public boolean contains(String targetPath) {
    return live.contains(targetPath);
  }
}
