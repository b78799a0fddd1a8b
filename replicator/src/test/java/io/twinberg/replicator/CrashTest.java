package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.testing.Crash;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * A process that dies at any step leaves a readable replica, and the next one completes it. The
 * steps of groups are in {@link GroupCrashTest}, those of deletion in {@link DeletionCrashTest},
 * two crashes in a row in {@link CrashPairsTest}.
 */
class CrashTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = CrashPoint.class,
      mode = Mode.EXCLUDE,
      names = {
        "INTENT_OPENED",
        "ANSWERED",
        "SETTLED",
        "UNVOUCHED",
        "CONDEMNED",
        "DELETION_BEGUN",
        "FILES_DELETED",
        "INTENT_LOGGED",
        "REPLICAS_DROPPED",
        "TABLE_DROPPED",
        "GROUP_STAGED",
        "GROUP_PUBLISHED",
        "REPLICA_DROPPED",
        "REPLICA_POINTERS_REMOVED",
        "REPLICA_FILES_REMOVED"
      })
  void backfillAndIncrement_processDiesAtPoint_lastVersionReadableAndNextProcessCompletes(
      CrashPoint point) {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
      lake.append(table, "a", "b");
      lake.append(table, "c");
      crash(lake, point);
      complete(lake, table);
      assertThat(lake.published().snapshots()).hasSize(2);

      lake.append(table, "d");
      lake.append(table, "e");
      crash(lake, point);
      complete(lake, table);
      assertThat(lake.published().snapshots()).hasSize(4);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"VERSION_LOGGED", "INTENT_LOGGED"})
  void intent_processDiesAtPoint_isExplainedOnceByTheNext(CrashPoint point) {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
      lake.append(table, "a");
      complete(lake, table);
      lake.append(table, "b");
      long intent =
          new Intents(lake).unknown(TestingLake.EVENTS, table.currentSnapshot().snapshotId());
      crash(lake, point);
      complete(lake, table);
      assertThat(lake.strings("select state from intent where id = " + intent))
          .containsExactly("LOGGED");
      assertThat(lake.count("select count(*) from table_version"))
          .as("the version of the first look, and the one that the intent made")
          .isEqualTo(2);
      assertThat(lake.count("select count(*) from gap")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REPLICAS_DROPPED", "TABLE_DROPPED"})
  void drop_processDiesAtPoint_isKnownToTheNext(CrashPoint point) {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
      lake.append(table, "a");
      complete(lake, table);
      lake.catalog().dropTable(TestingLake.EVENTS, false);
      crash(lake, point);
      try (Replicator next = lake.replicator(CrashPoints.NONE)) {
        next.demand("main");
        TestingLake.await(
            () -> lake.strings("select lifecycle from source_table").equals(List.of("DROPPED")));
      }
      assertThat(lake.replica().lifecycle()).hasToString("SOURCE_DROPPED");
      ReplicaChecks.assertWhole(lake, lake.published());
    }
  }

  private static void crash(TestingLake lake, CrashPoint point) {
    Crash crash = new Crash(point);
    try (Replicator dying = lake.replicator(crash)) {
      dying.demand("main");
      assertThat(crash.awaitReached()).as("point " + point + " is reached").isTrue();
    }
    lake.reopen();
    lake.replicas()
        .byName("eu", TestingLake.EVENTS)
        .ifPresent(
            replica -> {
              assertThat(replica.failure()).as("a crash is no failure").isEmpty();
              replica
                  .metadataLocation()
                  .ifPresent(location -> ReplicaChecks.assertWhole(lake, lake.published()));
            });
  }

  private static void complete(TestingLake lake, Table table) {
    try (Replicator next = lake.replicator(CrashPoints.NONE)) {
      ReplicaChecks.assertEqual(lake, table, lake.sync(next, table));
    }
    assertThat(lake.count("select count(*) from ledger where state <> 'LIVE'"))
        .as("everything published is live in the ledger")
        .isZero();
    ReplicaChecks.assertAudited(lake);
  }
}
