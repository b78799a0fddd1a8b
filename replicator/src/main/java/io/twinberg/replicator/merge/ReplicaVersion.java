package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A version of the replica that was published: where its metadata lies and what it says. */
public record ReplicaVersion(String metadataLocation, ObjectNode tree) {
  /** Whether it has a snapshot. */
  public boolean has(long snapshotId) {
    return Json.objects(tree, "snapshots").stream()
        .anyMatch(snapshot -> Json.requireLong(snapshot, "snapshot-id") == snapshotId);
  }

  /** Where a snapshot that it has names its manifests. */
  public SnapshotManifests manifests(long snapshotId) {
    return SnapshotManifests.of(Json.byId(tree, "snapshots", "snapshot-id").get(snapshotId));
  }

  /** Where each of its snapshots names its manifests. */
  public List<SnapshotManifests> snapshots() {
    return Json.objects(tree, "snapshots").stream().map(SnapshotManifests::of).toList();
  }

  /**
   * The same without some snapshots and their statistics, and without earlier metadata files that
   * are not there.
   */
  public ReplicaVersion without(Set<Long> snapshotIds, Predicate<String> isThere) {
    ObjectNode left = tree.deepCopy();
    new Expiry(false, snapshotIds).apply(left);
    Json.replace(
        left,
        "metadata-log",
        Json.objects(left, "metadata-log").stream()
            .filter(entry -> isThere.test(Json.requireText(entry, "metadata-file")))
            .toList());
    return new ReplicaVersion(metadataLocation, left);
  }

  /**
   * Where the snapshots name their manifests that a version of the source lacks and the replica
   * goes on to keep.
   */
  public Map<Long, SnapshotManifests> keptAlone(ObjectNode source, Expiry expiry) {
    Map<Long, SnapshotManifests> kept = new LinkedHashMap<>();
    ReplicaOnly.of(tree, source, expiry)
        .snapshots()
        .forEach((id, snapshot) -> kept.put(id, SnapshotManifests.of(snapshot)));
    return kept;
  }
}
