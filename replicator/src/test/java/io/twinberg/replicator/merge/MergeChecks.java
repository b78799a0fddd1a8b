package io.twinberg.replicator.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must hold of a replica after every merge, told from the JSON alone. */
final class MergeChecks {
  private static final List<String> SYNCHRONIZED =
      List.of(
          "format-version",
          "table-uuid",
          "last-sequence-number",
          "last-updated-ms",
          "last-column-id",
          "current-schema-id",
          "default-spec-id",
          "last-partition-id",
          "default-sort-order-id",
          "current-snapshot-id",
          "refs",
          "next-row-id",
          UnknownFields.NAME);

  // Each snapshot as the source first showed it, and the columns it was written with.
  private final Map<Long, ObjectNode> snapshots = new HashMap<>();
  private final Map<Long, JsonNode> columns = new HashMap<>();
  int movedSchemas;

  void check(ObjectNode source, Optional<ReplicaVersion> previous, ObjectNode merged) {
    for (String field : SYNCHRONIZED) {
      assertThat(merged.get(field)).as(field).isEqualTo(source.get(field));
    }
    checkSnapshots(source, previous, merged);
    checkSnapshotLog(source, previous, merged);
    checkMetadataLog(previous, merged);
    checkStatistics(source, previous, merged, "statistics");
    checkStatistics(source, previous, merged, "partition-statistics");
    checkNoSourcePath(merged);
  }

  private void checkSnapshots(
      ObjectNode source, Optional<ReplicaVersion> previous, ObjectNode merged) {
    Map<Long, ObjectNode> atSource = Json.byId(source, "snapshots", "snapshot-id");
    Map<Long, ObjectNode> atReplica = Json.byId(merged, "snapshots", "snapshot-id");
    assertThat(atReplica.keySet()).containsAll(atSource.keySet());
    previous.ifPresent(
        held ->
            assertThat(atReplica.keySet())
                .containsAll(Json.byId(held.tree(), "snapshots", "snapshot-id").keySet()));
    atSource.forEach(snapshots::putIfAbsent);
    atSource.forEach((id, s) -> columns.putIfAbsent(id, columns(source, s)));
    atReplica.forEach((id, snapshot) -> checkSnapshot(id, snapshot, merged));
    assertThat(List.copyOf(atReplica.values()))
        .isSortedAccordingTo((a, b) -> Long.compare(sequenceNumber(a), sequenceNumber(b)));
  }

  private void checkSnapshot(long id, ObjectNode snapshot, ObjectNode merged) {
    ObjectNode expected = snapshots.get(id).deepCopy();
    if (!expected.path("schema-id").equals(snapshot.path("schema-id"))) {
      movedSchemas++;
    }
    expected.set("schema-id", snapshot.path("schema-id"));
    expected.put("manifest-list", Replica.manifestList(id));
    assertThat(snapshot).isEqualTo(expected);
    assertThat(columns(merged, snapshot)).as("columns of %s", id).isEqualTo(columns.get(id));
  }

  private static void checkSnapshotLog(
      ObjectNode source, Optional<ReplicaVersion> previous, ObjectNode merged) {
    List<ObjectNode> log = Json.objects(merged, "snapshot-log");
    List<ObjectNode> atSource = Json.objects(source, "snapshot-log");
    assertThat(log.subList(log.size() - atSource.size(), log.size())).isEqualTo(atSource);
    List<ObjectNode> held =
        previous.map(p -> Json.objects(p.tree(), "snapshot-log")).orElseGet(List::of);
    assertThat(log.subList(0, held.size())).isEqualTo(held);
  }

  private static void checkMetadataLog(Optional<ReplicaVersion> previous, ObjectNode merged) {
    List<ObjectNode> log = Json.objects(merged, "metadata-log");
    assertThat(log.isEmpty()).isEqualTo(previous.isEmpty());
    int limit = merged.path("properties").path("write.metadata.previous-versions-max").asInt(100);
    assertThat(log).hasSizeLessThanOrEqualTo(limit);
    previous.ifPresent(
        held ->
            assertThat(log.get(log.size() - 1).path("metadata-file").asText())
                .isEqualTo(held.metadataLocation()));
  }

  private static void checkStatistics(
      ObjectNode source, Optional<ReplicaVersion> previous, ObjectNode merged, String field) {
    Map<Long, ObjectNode> atReplica = Json.byId(merged, field, "snapshot-id");
    assertThat(Json.objects(merged, field)).hasSameSizeAs(atReplica.keySet());
    Map<Long, ObjectNode> atSource = Json.byId(source, field, "snapshot-id");
    assertThat(atReplica.keySet()).containsAll(atSource.keySet());
    for (Long id : Json.byId(source, "snapshots", "snapshot-id").keySet()) {
      assertThat(atReplica.containsKey(id)).isEqualTo(atSource.containsKey(id));
    }
    // What belongs to snapshots that the source has expired stays as the replica had it.
    previous.ifPresent(
        held -> {
          Map<Long, ObjectNode> kept = Json.byId(held.tree(), field, "snapshot-id");
          kept.keySet().removeAll(Json.byId(source, "snapshots", "snapshot-id").keySet());
          assertThat(atReplica).as(field).containsAllEntriesOf(kept);
        });
  }

  private static void checkNoSourcePath(ObjectNode merged) {
    ObjectNode tree = merged.deepCopy();
    ((ObjectNode) tree.path("properties")).remove("user.note");
    assertThat(tree.toString()).doesNotContain("s3://lake");
  }

  private static JsonNode columns(ObjectNode tree, ObjectNode snapshot) {
    long id = Json.requireLong(snapshot, "schema-id");
    return Json.byId(tree, "schemas", "schema-id").get(id).path("fields");
  }

  private static long sequenceNumber(ObjectNode snapshot) {
    return Json.longOr(snapshot, "sequence-number", 0);
  }
}
