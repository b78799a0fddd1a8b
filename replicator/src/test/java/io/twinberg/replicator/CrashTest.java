package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.testing.Crash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process that dies at any step leaves a readable replica, and the next one completes it; also
 * when the next one dies before the one after it. {@code -Dcrash-pairs=} sets how many pairs of
 * points, all by default of the longer suites, {@code -Dseed=} which. The steps of groups are in
 * {@link GroupCrashTest}.
 */
class CrashTest {
  private static final int PAIRS = Integer.getInteger("crash-pairs", 5);

  @TempDir Path folder;

  /** All steps of a commit that bypasses the proxy; a new one is part of it without a word. */
  private static Set<CrashPoint> commitPoints() {
    return EnumSet.complementOf(
        EnumSet.of(
            // Those of the proxy are CaptureCrashTest's, those of deletion DeletionTest's.
            CrashPoint.INTENT_OPENED,
            CrashPoint.ANSWERED,
            CrashPoint.SETTLED,
            CrashPoint.UNVOUCHED,
            CrashPoint.CONDEMNED,
            CrashPoint.DELETION_BEGUN,
            CrashPoint.FILES_DELETED,
            CrashPoint.INTENT_LOGGED,
            CrashPoint.REPLICAS_DROPPED,
            CrashPoint.TABLE_DROPPED,
            CrashPoint.GROUP_STAGED,
            CrashPoint.GROUP_PUBLISHED));
  }

  static List<Arguments> pairs() {
    long seed = Long.getLong("seed", System.nanoTime());
    List<Arguments> pairs = new ArrayList<>();
    for (CrashPoint first : commitPoints()) {
      for (CrashPoint second : commitPoints()) {
        pairs.add(Arguments.of(first, second, seed));
      }
    }
    Collections.shuffle(pairs, new Random(seed));
    return pairs.subList(0, Math.min(PAIRS, pairs.size()));
  }

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
        "GROUP_PUBLISHED"
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

  @ParameterizedTest(name = "{0} and then {1}, seed {2}")
  @MethodSource("pairs")
  void recovery_processDiesAgain_lastVersionReadableAndThirdProcessCompletes(
      CrashPoint first, CrashPoint second, long seed) {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
      lake.append(table, "a", "b");
      lake.append(table, "c");
      crash(lake, first);
      // So that every step has something to do once more; one manifest alone is never staged.
      lake.append(table, "d");
      lake.append(table, "e");
      crash(lake, second);
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
  }
}
