package io.twinberg.replicator.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.rewrite.ListedManifest;
import io.twinberg.replicator.rewrite.ManifestList;
import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Reads which manifests a published snapshot of a replica has. */
final class PublishedManifests {
  private PublishedManifests() {}

  static List<String> targets(
      Optional<ReplicaVersion> version, long snapshotId, ObjectStore destination) {
    return version
        .flatMap(published -> manifestList(published, snapshotId))
        .map(list -> read(list, destination))
        .orElseGet(List::of);
  }

  private static Optional<String> manifestList(ReplicaVersion version, long snapshotId) {
    for (JsonNode snapshot : version.tree().path("snapshots")) {
      if (snapshot.path("snapshot-id").asLong() == snapshotId) {
        return Optional.of(snapshot.path("manifest-list").asText());
      }
    }
    return Optional.empty();
  }

  private static List<String> read(String list, ObjectStore destination) {
    try (InputStream in = destination.open(list)) {
      return ManifestList.read(in.readAllBytes()).stream().map(ListedManifest::path).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
