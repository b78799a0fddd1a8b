package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The snapshots that the source no longer has and the replica keeps, as the replica holds them. */
record ReplicaOnly(Map<Long, ObjectNode> snapshots) {

  static ReplicaOnly of(ObjectNode previous, ObjectNode source, Expiry expiry) {
    Map<Long, ObjectNode> kept = Json.byId(previous, "snapshots", "snapshot-id");
    kept.keySet().removeAll(Json.byId(source, "snapshots", "snapshot-id").keySet());
    kept.keySet().removeAll(expiry.snapshots());
    return new ReplicaOnly(kept);
  }

  boolean isEmpty() {
    return snapshots.isEmpty();
  }

  boolean usesSchema(long schemaId) {
    return snapshots.values().stream().anyMatch(s -> Json.longOr(s, "schema-id", -1) == schemaId);
  }

  /** Copies of the snapshots, with other schema ids and manifest lists where those had to move. */
  List<ObjectNode> moved(Map<Long, Long> schemas, Map<Long, SnapshotManifests> manifests) {
    List<ObjectNode> copies = new ArrayList<>();
    for (Map.Entry<Long, ObjectNode> snapshot : snapshots.entrySet()) {
      ObjectNode copy = snapshot.getValue().deepCopy();
      long schemaId = Json.longOr(copy, "schema-id", -1);
      if (schemas.containsKey(schemaId)) {
        copy.put("schema-id", schemas.get(schemaId).intValue());
      }
      if (manifests.containsKey(snapshot.getKey())) {
        manifests.get(snapshot.getKey()).in(copy);
      }
      copies.add(copy);
    }
    return copies;
  }

  /**
   * The entries of a list of files that belong to these snapshots and to no entry of the source.
   */
  List<ObjectNode> files(ObjectNode previous, String field, Set<Long> atSource) {
    return Json.objects(previous, field).stream()
        .filter(file -> snapshots.containsKey(Json.requireLong(file, "snapshot-id")))
        .filter(file -> !atSource.contains(Json.requireLong(file, "snapshot-id")))
        .map(ObjectNode::deepCopy)
        .toList();
  }
}
