package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.source.MetadataJson;
import io.twinberg.testing.Crash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica that begins with the heads of refs is readable soon, and has all history in the end.
 */
class HeadsFirstTest {
  @TempDir Path folder;

  private HookedStore destination;
  private final CompletableFuture<Replicator> running = new CompletableFuture<>();

  /** What happens between the first publication and the lane's next look. */
  private Consumer<Replicator> afterFirst = replicator -> {};

  /** The snapshots that each publication showed, in order. */
  private final List<Set<Long>> shown = Collections.synchronizedList(new ArrayList<>());

  private final ReplicaListener listener =
      new ReplicaListener() {
        private Set<Long> written = Set.of();

        @Override
        public void written(Replica replica, String location, byte[] metadata) {
          written = new TreeSet<>();
          for (JsonNode snapshot : MetadataJson.parse(metadata).path("snapshots")) {
            written.add(snapshot.path("snapshot-id").asLong());
          }
        }

        @Override
        public void published(Replica replica) {
          shown.add(written);
          if (shown.size() == 1) {
            afterFirst.accept(running.join());
          }
        }
      };

  private TestingLake lake() {
    TestingLake lake = new TestingLake(folder);
    destination = new HookedStore(lake.store());
    lake.stores(lake.store(), destination);
    lake.targets((source, name) -> List.of(new Target("eu", lake.root(), true, name)));
    return lake;
  }

  private static void appendEach(TestingLake lake, Table table, String prefix, int count) {
    for (int i = 0; i < count; i++) {
      lake.append(table, prefix + i);
    }
  }

  private static void awaitHistory(TestingLake lake, Table table) {
    lake.awaitCurrent(table);
    TestingLake.await(() -> lake.replica().historyThrough().isEmpty());
  }

  private void replicate(TestingLake lake, Table table) {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE, listener)) {
      running.complete(replicator);
      replicator.demand("main");
      awaitHistory(lake, table);
    }
    ReplicaChecks.assertEqual(lake, table, lake.published());
  }

  @Test
  void backfill_headsOfAllRefs_areShownFirstAndAllHistoryInTheEnd() {
    try (TestingLake lake = lake()) {
      Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
      appendEach(lake, table, "a", 18);
      Snapshot tagged = table.snapshots().iterator().next();
      table.manageSnapshots().createTag("first", tagged.snapshotId()).commit();
      appendEach(lake, table, "b", 17);

      replicate(lake, table);

      assertThat(shown.get(0))
          .containsExactlyInAnyOrder(tagged.snapshotId(), table.currentSnapshot().snapshotId());
      assertThat(shown).hasSizeGreaterThan(2);
      assertThat(shown.get(shown.size() - 1)).hasSize(35);
      for (int i = 1; i < shown.size(); i++) {
        assertThat(shown.get(i)).as("never goes back").containsAll(shown.get(i - 1));
      }
    }
  }

  @Test
  void backfill_manifestsMergedSince_noFileIsCopiedTwice() {
    try (TestingLake lake = lake()) {
      Table table =
          lake.create(TestingLake.EVENTS, "2", Map.of("commit.manifest.min-count-to-merge", "2"));
      appendEach(lake, table, "f", 20);

      replicate(lake, table);

      assertThat(destination.calls("COPY")).hasSize(20);
    }
  }

  @Test
  void commit_whileHistoryIsOnItsWay_isShownBeforeIt() {
    try (TestingLake lake = lake()) {
      Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
      appendEach(lake, table, "a", 18);
      afterFirst = replicator -> commitAndAwaitLogged(lake, table, replicator);

      replicate(lake, table);

      assertThat(shown.get(1)).hasSize(2).contains(table.currentSnapshot().snapshotId());
      assertThat(shown.get(shown.size() - 1)).hasSize(19);
    }
  }

  private static void commitAndAwaitLogged(TestingLake lake, Table table, Replicator replicator) {
    lake.append(table, "new");
    replicator.demand("main");
    TestingLake.await(() -> lake.count("select count(*) from table_version") == 2);
  }

  @Test
  void crash_inHistory_finishedManifestsAreTakenOver() {
    try (TestingLake lake = lake()) {
      Table table =
          lake.create(TestingLake.EVENTS, "2", Map.of("commit.manifest-merge.enabled", "false"));
      appendEach(lake, table, "a", 6);
      table.newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
      lake.append(table, "head");
      crash(lake, CrashPoint.MANIFEST_STAGED);
      assertThat(lake.replica().generation()).as("the head is there").isEqualTo(1);
      List<String> staged = lake.strings("select target_path from ledger where state = 'STAGED'");
      assertThat(staged).isNotEmpty();

      replicate(lake, table);

      assertThat(lake.strings("select target_path from ledger where state = 'LIVE'"))
          .containsAll(staged);
    }
  }

  @Test
  void formatVersion1_snapshotsWithoutNumbers_areCopiedInOrder() {
    try (TestingLake lake = lake()) {
      Table table = lake.create(TestingLake.EVENTS, "1", Map.of());
      appendEach(lake, table, "a", 3);

      replicate(lake, table);

      assertThat(shown).hasSize(1);
    }
  }

  /** Lets a process die there, in its first version; nothing of it is counted. */
  private void crash(TestingLake lake, CrashPoint point) {
    Crash crash = new Crash(point);
    try (Replicator dying = lake.replicator(crash)) {
      dying.demand("main");
      assertThat(crash.awaitReached()).isTrue();
    }
    lake.reopen();
  }
}
