package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The snapshots of the source with the replica's manifest lists, and those only the replica has.
 */
final class SnapshotUnion {
  private static final Comparator<ObjectNode> BY_SEQUENCE_NUMBER =
      Comparator.comparingLong(snapshot -> Json.longOr(snapshot, "sequence-number", 0));

  private SnapshotUnion() {}

  static List<ObjectNode> of(
      ObjectNode merged, ObjectNode previous, List<ObjectNode> replicaOnly, MergeRequest request) {
    Map<Long, ObjectNode> held = Json.byId(previous, "snapshots", "snapshot-id");
    List<ObjectNode> union = new ArrayList<>(replicaOnly);
    Json.byId(merged, "snapshots", "snapshot-id")
        .forEach(
            (id, snapshot) -> {
              String list =
                  held.containsKey(id)
                      ? Json.requireText(held.get(id), "manifest-list")
                      : rewritten(id, request);
              union.add(snapshot.put("manifest-list", list));
            });
    union.sort(BY_SEQUENCE_NUMBER);
    return union;
  }

  private static String rewritten(long id, MergeRequest request) {
    String list = request.manifestLists().get(id);
    if (list == null || !list.startsWith(request.folder() + "/")) {
      throw new IllegalStateException(
          "snapshot " + id + " has no rewritten manifest list in " + request.folder());
    }
    return list;
  }
}
