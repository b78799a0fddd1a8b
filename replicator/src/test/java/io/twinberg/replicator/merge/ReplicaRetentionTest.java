package io.twinberg.replicator.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.source.MetadataJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class ReplicaRetentionTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final ReplicaRetention TEN_DAYS = new ReplicaRetention(Duration.ofDays(10), 1);

  // 1 <- 2 <- 3 <- 4 on main, 5 beside it; each a day after the one before, the last a day ago.
  private static ObjectNode tree(String more) {
    StringBuilder snapshots = new StringBuilder();
    for (int id = 1; id <= 5; id++) {
      snapshots.append(
          """
          {"snapshot-id": %d, "parent-snapshot-id": %d, "sequence-number": %d, "timestamp-ms": %d},"""
              .formatted(
                  id, id == 5 ? 2 : id - 1, id, NOW.minus(Duration.ofDays(6 - id)).toEpochMilli()));
    }
    snapshots.setLength(snapshots.length() - 1);
    return MetadataJson.parse(
        """
        {"snapshots": [%s], %s}
        """
            .formatted(snapshots, more)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static final String MAIN =
      """
      "current-snapshot-id": 4, "refs": {"main": {"snapshot-id": 4, "type": "branch"}}""";

  private static Set<Long> expired(int days, int least, String refs) {
    return new ReplicaRetention(Duration.ofDays(days), least).expired(tree(refs), NOW);
  }

  @Test
  void expired_byAge_theHeadStays() {
    assertThat(expired(10, 1, MAIN)).isEmpty();
    assertThat(expired(3, 1, MAIN)).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(expired(0, 1, MAIN)).containsExactlyInAnyOrder(1L, 2L, 3L, 5L);
  }

  @Test
  void expired_ageIsReached_snapshotIsDue() {
    ReplicaRetention retention = new ReplicaRetention(Duration.ofDays(5), 1);
    assertThat(retention.expired(tree(MAIN), NOW)).containsExactly(1L);
    assertThat(retention.expired(tree(MAIN), NOW.minusMillis(1))).isEmpty();
  }

  @Test
  void expired_fewSnapshots_theLatestOfTheBranchStay() {
    assertThat(expired(0, 3, MAIN)).containsExactlyInAnyOrder(1L, 5L);
    assertThat(expired(0, 9, MAIN)).containsExactly(5L);
  }

  @Test
  void expired_tagsAndBranches_keepWhatTheyName() {
    String refs =
        """
        "current-snapshot-id": -1, "refs": {
          "t": {"snapshot-id": 1, "type": "tag"}, "b": {"snapshot-id": 5, "type": "branch"}}""";
    assertThat(expired(0, 1, refs)).containsExactlyInAnyOrder(2L, 3L, 4L);
    assertThat(expired(0, 2, refs)).containsExactlyInAnyOrder(3L, 4L);
  }

  @Test
  void expired_metadataWithoutRefs_theCurrentSnapshotIsABranch() {
    assertThat(expired(0, 2, "\"current-snapshot-id\": 4")).containsExactlyInAnyOrder(1L, 2L, 5L);
  }

  @Test
  void nextDue_isTheOldestThatNothingHolds() {
    assertThat(TEN_DAYS.nextDue(tree(MAIN), NOW)).contains(NOW.plus(Duration.ofDays(5)));
    String all =
        """
        "refs": {"main": {"snapshot-id": 4, "type": "branch"}, "b": {"snapshot-id": 5, "type": "branch"}}""";
    assertThat(new ReplicaRetention(Duration.ofDays(10), 4).nextDue(tree(all), NOW)).isEmpty();
  }

  @Test
  void nextDue_manySnapshotsInARow_looksAreNotMoreThanHourly() {
    Instant almost = NOW.plus(Duration.ofDays(5)).minusSeconds(1);
    assertThat(TEN_DAYS.nextDue(tree(MAIN), almost)).contains(almost.plus(Duration.ofHours(1)));
  }

  @Test
  void retention_thatKeepsNothing_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReplicaRetention(Duration.ofDays(1), 0));
  }

  @Test
  void merge_expiredSnapshots_takeSchemasSpecsAndStatisticsWithThem() {
    SourceTable source = new SourceTable(2);
    Replica replica = new Replica(source.tree());
    source.table().updateSchema().addColumn("x", Types.LongType.get()).commit();
    source.table().updateSpec().addField(Expressions.bucket("id", 4)).commit();
    long old = source.append();
    replica.apply(withStatistics(source, old));
    source.table().updateSchema().deleteColumn("x").commit();
    source.table().updateSpec().removeField("id_bucket_4").commit();
    source.table().newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
    long head = source.append();
    source.expire(1);
    ObjectNode kept = replica.apply(source.tree());
    assertThat(ids(kept, "snapshots", "snapshot-id")).contains(old, head);
    assertThat(kept.path("schemas")).hasSize(2);
    assertThat(kept.path("partition-specs")).hasSize(2);
    assertThat(kept.path("statistics")).hasSize(1);

    replica.retention(new ReplicaRetention(Duration.ZERO, 1), Instant.now().plusSeconds(60));
    ObjectNode left = replica.apply(source.tree());
    assertThat(ids(left, "snapshots", "snapshot-id")).containsExactly(head);
    assertThat(ids(left, "snapshot-log", "snapshot-id")).containsExactly(head);
    assertThat(left.path("schemas")).hasSize(1);
    assertThat(left.path("partition-specs")).hasSize(1);
    assertThat(left.path("statistics")).isEmpty();
  }

  @Test
  void missingParts_statisticsOfExpiredSnapshot_areNotCopied() {
    SourceTable source = new SourceTable(2);
    Replica replica = new Replica(source.tree());
    ObjectNode tree = withStatistics(source, source.append());
    source.append();
    replica.retention(new ReplicaRetention(Duration.ZERO, 1), Instant.now().plusSeconds(60));
    assertThat(replica.missing(tree).statistics()).hasSize(1);
    ObjectNode later = source.tree();
    later.set("statistics", tree.get("statistics"));
    assertThat(replica.missing(later).statistics()).isEmpty();
    assertThat(replica.missing(later).snapshots()).hasSize(1);
  }

  private static ObjectNode withStatistics(SourceTable source, long snapshot) {
    ObjectNode tree = source.tree();
    tree.putArray("statistics")
        .addObject()
        .put("snapshot-id", snapshot)
        .put("statistics-path", source.table().location() + "/metadata/s.puffin")
        .put("file-size-in-bytes", 5)
        .put("file-footer-size-in-bytes", 1)
        .putArray("blob-metadata");
    return tree;
  }

  private static List<Long> ids(ObjectNode tree, String field, String id) {
    return Json.objects(tree, field).stream().map(item -> Json.requireLong(item, id)).toList();
  }
}
