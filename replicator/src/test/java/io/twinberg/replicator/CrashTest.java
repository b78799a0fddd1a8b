package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import java.nio.file.Path;
import java.util.Map;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that dies at any step leaves a readable replica, and the next one completes it. */
class CrashTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claimed",
        "planned",
        "manifest-staged",
        "snapshot-transferred",
        "snapshots-transferred",
        "metadata-written",
        "files-complete",
        "published",
        "pointer-written"
      })
  void backfillAndIncrement_processDiesAtPoint_lastVersionReadableAndNextProcessCompletes(
      String point) {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
      lake.append(table, "a", "b");
      lake.append(table, "c");
      crashAndRecover(lake, table, point);
      assertThat(lake.published().snapshots()).hasSize(2);

      lake.append(table, "d");
      lake.append(table, "e");
      crashAndRecover(lake, table, point);
      assertThat(lake.published().snapshots()).hasSize(4);
    }
  }

  private static void crashAndRecover(TestingLake lake, Table table, String point) {
    Crash crash = new Crash(point);
    try (Replicator dying = lake.replicator(crash)) {
      dying.demand("main");
      assertThat(crash.awaitReached()).as("point " + point + " is reached").isTrue();
    }
    lake.reopen();
    assertThat(lake.replica().failure()).as("a crash is no failure").isEmpty();
    lake.replica()
        .metadataLocation()
        .ifPresent(location -> ReplicaChecks.assertWhole(lake, lake.published()));
    try (Replicator next = lake.replicator(CrashPoints.NONE)) {
      ReplicaChecks.assertEqual(lake, table, lake.sync(next, table));
    }
    assertThat(lake.count("select count(*) from ledger where state <> 'LIVE'"))
        .as("everything published is live in the ledger")
        .isZero();
  }
}
