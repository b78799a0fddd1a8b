package io.twinberg.replicator.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replicator.mapping.RefusedPathException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataMergeTest {
  private SourceTable source;
  private Replica replica;

  @BeforeEach
  void start() {
    source = new SourceTable(3);
    replica = new Replica(source.tree());
  }

  @Test
  void merge_firstVersion_isTheSourceAtTheReplicasLocation() {
    source.append();
    ObjectNode merged = replica.apply(source.tree());
    assertThat(merged.path("location").asText()).isEqualTo(Replica.FOLDER);
    assertThat(merged.path("metadata-log")).isEmpty();
    assertThat(merged.path("snapshots")).hasSize(1);
  }

  @Test
  void merge_expiredSnapshot_isKeptWithItsSchema() {
    source.table().updateSchema().addColumn("x", Types.LongType.get()).commit();
    long old = source.append();
    replica.apply(source.tree());
    source.table().updateSchema().deleteColumn("x").commit();
    source.append();
    source.expire(1);
    source.table().updateSchema().addColumn("y", Types.LongType.get()).commit();
    source.append();
    // Iceberg gave the id of the expired schema to the new one.
    assertThat(schemaNames(source.tree(), 1)).contains("y");
    ObjectNode merged = replica.apply(source.tree());
    assertThat(schemaNames(merged, 1)).contains("y").doesNotContain("x");
    long moved = Json.byId(merged, "snapshots", "snapshot-id").get(old).path("schema-id").asLong();
    assertThat(moved).isNotEqualTo(1);
    assertThat(schemaNames(merged, moved)).contains("x").doesNotContain("y");
  }

  @Test
  void merge_specIdWithAnotherMeaning_oldSpecMovesOutOfTheSourcesWay() {
    source.table().updateSpec().addField(Expressions.bucket("id", 4)).commit();
    source.append();
    replica.apply(source.tree());
    source.table().updateSpec().removeField("id_bucket_4").commit();
    source.table().newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
    source.append();
    source.expire(1);
    source.table().updateSpec().addField(Expressions.truncate("name", 3)).commit();
    ObjectNode merged = replica.apply(source.tree());
    // Iceberg gave the id of the removed spec to the new one.
    assertThat(transforms(merged, 1)).containsExactly("truncate[3]");
    assertThat(transforms(merged, 1_000_000)).containsExactly("bucket[4]");
    source.table().updateSpec().addField(Expressions.truncate("name", 5)).commit();
    ObjectNode later = replica.apply(source.tree());
    assertThat(transforms(later, 1_000_000)).containsExactly("bucket[4]");
  }

  private static List<String> transforms(ObjectNode tree, long id) {
    return Json.byId(tree, "partition-specs", "spec-id")
        .get(id)
        .path("fields")
        .findValuesAsText("transform");
  }

  @Test
  void merge_anotherUuid_neverMerges() {
    replica.apply(source.tree());
    assertWentBack(source.tree().put("table-uuid", "other"), "table-uuid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"last-sequence-number", "next-row-id", "last-updated-ms", "format-version"})
  void merge_counterGoesBack_neverMerges(String field) {
    source.append();
    ObjectNode tree = source.tree();
    replica.apply(tree);
    // Clocks of writers may differ by a minute.
    long back = field.equals("last-updated-ms") ? 60_001 : 1;
    assertWentBack(tree.deepCopy().put(field, tree.path(field).asLong() - back), field);
  }

  @Test
  void merge_snapshotIdMeansAnotherSnapshot_neverMerges() {
    source.append();
    replica.apply(source.tree());
    ObjectNode tree = source.tree();
    Json.objects(tree, "snapshots").get(0).put("timestamp-ms", 1);
    assertWentBack(tree, "timestamp-ms of snapshot");
  }

  @Test
  void merge_snapshotWithoutRewrittenManifestList_isABug() {
    source.append();
    var request =
        new MergeRequest(
            source.tree(),
            Optional.empty(),
            "m.metadata.json",
            Replica.FOLDER,
            replica.mapping(),
            Map.of(),
            MovedSpecs.NONE,
            Expiry.NONE);
    assertThatThrownBy(() -> MetadataMerge.merge(request))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no rewritten manifest list");
  }

  @Test
  void merge_pathProperties_areMappedAsFolders() {
    String location = source.table().location();
    source
        .table()
        .updateProperties()
        .set("write.data.path", location + "/data/")
        .set("write.object-storage.path", "s3://lake/objects")
        .commit();
    ObjectNode properties = (ObjectNode) replica.apply(source.tree()).path("properties");
    assertThat(properties.path("write.data.path").asText()).isEqualTo(Replica.FOLDER + "/data");
    assertThat(properties.path("write.object-storage.path").asText())
        .startsWith(Replica.FOLDER + "/external/");
    assertThat(replica.mapping().map("s3://lake/objects/a"))
        .isEqualTo(properties.path("write.object-storage.path").asText() + "/a");
    assertThat(properties.path("user.note").asText()).contains("s3://lake");
  }

  @Test
  void merge_manyVersions_keepsAsManyMetadataFilesAsTheTableWants() {
    assertThat(metadataLogAfter(4, "2"))
        .containsExactly(
            Replica.FOLDER + "/metadata/2.metadata.json",
            Replica.FOLDER + "/metadata/3.metadata.json");
    assertThat(metadataLogAfter(3, "0")).hasSize(1);
    assertThat(metadataLogAfter(3, "nonsense")).hasSize(3);
  }

  private List<String> metadataLogAfter(int versions, String limit) {
    ObjectNode tree = source.tree();
    ((ObjectNode) tree.path("properties")).put("write.metadata.previous-versions-max", limit);
    Replica fresh = new Replica(tree);
    for (int i = 0; i < versions; i++) {
      fresh.apply(tree);
    }
    return fresh.apply(tree).path("metadata-log").findValuesAsText("metadata-file");
  }

  @Test
  void merge_pathPropertyOutsideAllowedLocations_isRefused() {
    source.table().updateProperties().set("write.data.path", "s3://secret/x").commit();
    assertThatThrownBy(() -> replica.apply(source.tree())).isInstanceOf(RefusedPathException.class);
  }

  @Test
  void merge_metadataThatIcebergRefuses_neverComesOut() {
    source.append();
    ObjectNode tree = source.tree().put("current-snapshot-id", 7);
    assertThatThrownBy(() -> replica.apply(tree)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void missingParts_coalescedVersions_areOrderedAndComplete() {
    replica.apply(source.tree());
    long first = source.append();
    long staged = source.stage();
    long second = source.append();
    assertThat(replica.missing(source.tree()).snapshots())
        .extracting(MissingParts.MissingSnapshot::snapshotId)
        .containsExactly(first, staged, second);
  }

  @Test
  void missingParts_statisticsAlreadyReferenced_areNotCopiedAgain() {
    long id = source.append();
    ObjectNode tree = source.tree();
    String path = source.table().location() + "/metadata/s";
    addStatistics(tree, "statistics", id, path + ".puffin", 5);
    addStatistics(tree, "partition-statistics", id, path + ".parquet", 6);
    assertThat(replica.missing(tree).statistics())
        .containsExactly(
            new MissingParts.StatisticsPath(path + ".puffin", 5),
            new MissingParts.StatisticsPath(path + ".parquet", 6));
    replica.apply(tree);
    assertThat(replica.missing(tree).statistics()).isEmpty();
  }

  private static void addStatistics(
      ObjectNode tree, String field, long snapshot, String path, long length) {
    tree.putArray(field)
        .addObject()
        .put("snapshot-id", snapshot)
        .put("statistics-path", path)
        .put("file-size-in-bytes", length)
        .put("file-footer-size-in-bytes", 1)
        .putArray("blob-metadata");
  }

  private void assertWentBack(ObjectNode tree, String field) {
    assertThatThrownBy(() -> replica.apply(tree))
        .isInstanceOf(SourceWentBackException.class)
        .hasMessageContaining(field);
  }

  private static Iterable<String> schemaNames(ObjectNode tree, long id) {
    return Json.byId(tree, "schemas", "schema-id").get(id).path("fields").findValuesAsText("name");
  }
}
