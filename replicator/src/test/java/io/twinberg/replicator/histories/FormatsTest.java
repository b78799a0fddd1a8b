package io.twinberg.replicator.histories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.merge.UnsupportedMergeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every format version, also in the forms that only old writers left behind. */
class FormatsTest {
  @TempDir static Path folder;
  private static HistoryLake lake;

  private final Random random = new Random(7);
  private HistoryTable history;
  private HistoryChecks checks;

  @BeforeAll
  static void open() {
    lake = new HistoryLake(folder);
  }

  @AfterAll
  static void close() {
    lake.close();
  }

  private void table(int formatVersion) {
    table(formatVersion, PartitionSpec.unpartitioned());
  }

  private void table(int formatVersion, PartitionSpec spec) {
    history =
        new HistoryTable(
            lake,
            formatVersion,
            spec,
            Map.of("commit.manifest-merge.enabled", "false"),
            HistoryLake.ALL);
    checks = new HistoryChecks(history, 0);
  }

  private DataFile append() {
    DataFile file = history.rows.file(random);
    history.table.newAppend().appendFile(file).commit();
    return file;
  }

  private void follow() {
    history.table.refresh();
    history.log();
    checks.remember();
    Replica before = history.replica();
    Replica after = history.sync();
    checks.check(before, after);
    checks.checkIdempotent(after);
  }

  /** Lists the manifests of all snapshots in the metadata itself, as the first writers did. */
  private void inline() {
    history.edit(
        tree ->
            tree.path("snapshots")
                .forEach(
                    node -> {
                      ObjectNode snapshot = (ObjectNode) node;
                      Snapshot known =
                          history.table.snapshot(snapshot.path("snapshot-id").asLong());
                      ArrayNode manifests = snapshot.putArray("manifests");
                      known.allManifests(lake.io()).stream()
                          .map(ManifestFile::path)
                          .forEach(manifests::add);
                      snapshot.remove("manifest-list");
                    }));
  }

  @Test
  void v1_manifestLists_areReplicated() {
    table(1);
    append();
    append();
    follow();
    append();
    follow();
    assertThat(history.published().formatVersion()).isEqualTo(1);
  }

  @Test
  void v1_inlineManifests_stayInlineWithTheReplicasPaths() {
    table(1);
    append();
    append();
    inline();
    follow();
    assertThat(history.publishedTree().findValues("manifest-list")).isEmpty();
    for (JsonNode manifests : history.publishedTree().findValues("manifests")) {
      manifests.forEach(
          path -> assertThat(path.asText()).startsWith(history.replica().folder() + "/metadata/"));
    }
  }

  @Test
  void v1_inlineManifests_thenLists_shareTheRewrittenManifests() {
    table(1);
    append();
    inline();
    follow();
    String inline = history.publishedTree().findValue("manifests").get(0).asText();
    append();
    follow();
    assertThat(history.published().currentSnapshot().allManifests(lake.io()))
        .extracting(ManifestFile::path)
        .contains(inline);
    // Iceberg's later lists must count entries, which inline manifests never did.
    history.table.newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
    append();
    history.table.updateProperties().set("format-version", "2").commit();
    append();
    follow();
  }

  @Test
  void v1_inlineManifestsBesideAList_theListCountsAndNoSourcePathIsLeft() {
    table(1);
    append();
    history.edit(
        tree ->
            ((ObjectNode) tree.path("snapshots").get(0))
                .putArray("manifests")
                .add("mem://lake/stale.avro"));
    follow();
    assertThat(history.publishedTree().findValues("manifests")).isEmpty();
  }

  @Test
  void v1_metadataOfEarlyWriters_withoutAllThatCameLater() {
    table(1, PartitionSpec.builderFor(HistoryTable.SCHEMA).bucket("id", 4).build());
    append();
    history.edit(
        tree -> {
          tree.remove(
              List.of(
                  "schemas",
                  "current-schema-id",
                  "partition-specs",
                  "default-spec-id",
                  "last-partition-id",
                  "sort-orders",
                  "default-sort-order-id",
                  "refs",
                  "last-sequence-number",
                  "statistics",
                  "partition-statistics"));
          tree.path("partition-spec").forEach(field -> ((ObjectNode) field).remove("field-id"));
          tree.path("snapshots").forEach(node -> ((ObjectNode) node).remove("schema-id"));
        });
    follow();
    append();
    history.table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).commit();
    follow();
    assertThat(history.published().snapshots()).hasSize(2);
    // The numbers of fields, which were left out then, are no other meaning.
    assertThat(history.published().specsById().keySet()).containsExactly(0);
  }

  @Test
  void upgraded_throughAllVersions_oldSnapshotsStayAsTheyWere() {
    table(1);
    append();
    follow();
    for (String version : List.of("2", "3")) {
      history.table.updateProperties().set("format-version", version).commit();
      append();
      follow();
      append();
      follow();
    }
    assertThat(history.published().snapshots())
        .extracting(Snapshot::sequenceNumber)
        .containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(history.published().snapshots().get(2).firstRowId()).isNull();
    assertThat(history.published().snapshots().get(4).firstRowId()).isNotNull();
  }

  @Test
  void upgraded_beforeTheReplicaBegan_isReplicatedWhole() {
    table(1);
    append();
    history.table.updateProperties().set("format-version", "2").commit();
    append();
    history.table.updateProperties().set("format-version", "3").commit();
    append();
    follow();
    assertThat(history.published().snapshots()).hasSize(3);
  }

  @Test
  void v4_isRefusedWithItsReason_andTheLastGoodVersionStays() {
    table(3);
    append();
    follow();
    Replica good = history.replica();
    history.table.updateProperties().set("format-version", "4").commit();
    history.table.refresh();
    history.log();
    assertThatThrownBy(() -> history.sync())
        .isInstanceOf(UnsupportedMergeException.class)
        .hasMessageContaining("format-version 4 is not replicated until the table format is final");
    assertThat(history.replica()).isEqualTo(good);
  }

  @Test
  void specId_comesBackWithAnotherMeaning_oldSnapshotsReadAsBefore() {
    table(2);
    DataFile first = partitionedBy(4);
    final long old = history.table.currentSnapshot().snapshotId();
    follow();
    replacePartitioning(first, 7);
    follow();
    assertThat(history.published().specsById().keySet()).contains(1, 1_000_000);
    assertThat(specs(old)).containsExactly(1_000_000);
    assertThat(specs(history.table.currentSnapshot().snapshotId())).containsExactly(1);
    // Once more, so that two meanings of one id are kept beside the source's.
    replacePartitioning(currentFile(), 9);
    follow();
    assertThat(history.published().specsById().keySet()).contains(1, 1_000_000, 1_000_001);
    assertThat(specs(old)).containsExactly(1_000_000);
    assertThat(checks.movedSpec()).isTrue();
  }

  private DataFile partitionedBy(int buckets) {
    history.table.updateSpec().addField(Expressions.bucket("id", buckets)).commit();
    return append();
  }

  /** Frees the id of the current spec and takes it for another one. */
  private void replacePartitioning(DataFile file, int buckets) {
    String field = history.table.spec().fields().get(0).name();
    history.table.updateSpec().removeField(field).commit();
    history.table.newDelete().deleteFile(file).commit();
    // Without a snapshot in between, no manifest would be left that names no spec at all.
    history.table.newAppend().commit();
    history
        .table
        .expireSnapshots()
        .expireOlderThan(Long.MAX_VALUE)
        .cleanExpiredMetadata(true)
        .commit();
    partitionedBy(buckets);
  }

  private DataFile currentFile() {
    return history.table.newScan().planFiles().iterator().next().file();
  }

  private List<Integer> specs(long snapshotId) {
    return history.published().snapshot(snapshotId).allManifests(lake.io()).stream()
        .map(ManifestFile::partitionSpecId)
        .distinct()
        .toList();
  }
}
