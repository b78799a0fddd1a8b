package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The snapshots of the source with the replica's manifests, and those only the replica has. */
final class SnapshotUnion {
  private static final Comparator<ObjectNode> BY_SEQUENCE_NUMBER =
      Comparator.comparingLong(snapshot -> Json.longOr(snapshot, "sequence-number", 0));

  private SnapshotUnion() {}

  /** The union by sequence number; snapshots without one stay in the order of their commits. */
  static List<ObjectNode> of(
      ObjectNode merged, ObjectNode previous, List<ObjectNode> replicaOnly, MergeRequest request) {
    Map<Long, ObjectNode> held = Json.byId(previous, "snapshots", "snapshot-id");
    Map<Long, Integer> places = new HashMap<>();
    held.keySet().forEach(id -> places.put(id, places.size()));
    List<ObjectNode> union = new ArrayList<>(replicaOnly);
    Json.byId(merged, "snapshots", "snapshot-id")
        .forEach(
            (id, snapshot) -> {
              SnapshotManifests manifests =
                  held.containsKey(id)
                      ? SnapshotManifests.of(held.get(id))
                      : rewritten(id, request);
              union.add(manifests.in(snapshot));
            });
    union.sort(BY_SEQUENCE_NUMBER.thenComparingInt(snapshot -> place(places, snapshot)));
    return union;
  }

  // Only snapshots of format version 1 have no sequence number.
  private static int place(Map<Long, Integer> places, ObjectNode snapshot) {
    return Json.longOr(snapshot, "sequence-number", 0) > 0
        ? 0
        : places.getOrDefault(Json.requireLong(snapshot, "snapshot-id"), Integer.MAX_VALUE);
  }

  private static SnapshotManifests rewritten(long id, MergeRequest request) {
    SnapshotManifests manifests = request.manifests().get(id);
    if (manifests == null || !manifests.isIn(request.folder())) {
      throw new IllegalStateException(
          "snapshot " + id + " has no rewritten manifest list in " + request.folder());
    }
    return manifests;
  }
}
