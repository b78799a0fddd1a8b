package io.twinberg.replicator.publish;

import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.merge.SnapshotManifests;
import io.twinberg.replicator.merge.SnapshotManifests.InList;
import io.twinberg.replicator.merge.SnapshotManifests.Inline;
import io.twinberg.replicator.rewrite.BadManifestException;
import io.twinberg.replicator.rewrite.ListedManifest;
import io.twinberg.replicator.rewrite.ManifestList;
import io.twinberg.replicator.rewrite.ManifestProblemException;
import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Reads which manifests a published snapshot of a replica has. */
public final class PublishedManifests {
  private PublishedManifests() {}

  /** Their paths; none when the version does not have the snapshot. */
  public static List<String> targets(
      Optional<ReplicaVersion> version, long snapshotId, ObjectStore destination) {
    return version
        .filter(published -> published.has(snapshotId))
        .map(published -> targets(published.manifests(snapshotId), destination))
        .orElseGet(List::of);
  }

  private static List<String> targets(SnapshotManifests manifests, ObjectStore destination) {
    return manifests instanceof InList list
        ? read(list.location(), destination)
        : ((Inline) manifests).paths();
  }

  private static List<String> read(String list, ObjectStore destination) {
    try (InputStream in = destination.open(list)) {
      return ManifestList.read(in.readAllBytes()).stream().map(ListedManifest::path).toList();
    } catch (ManifestProblemException e) {
      throw new BadManifestException(list, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
