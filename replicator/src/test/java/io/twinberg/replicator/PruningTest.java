package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.RowScope;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.verify.VerifiedLake;
import io.twinberg.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Old rows of the log go at any moment of a table's life, and nobody misses them. {@code -Dseed=}
 * and {@code -Dhistories=} choose the lives.
 */
class PruningTest {
  private static final long SEED = Long.getLong("seed", 1);
  private static final int HISTORIES = Integer.getInteger("histories", 2);
  private static final int COMMITS = 20;
  private static final Duration RETENTION = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.now());
  private TestingLake lake;
  private Intents intents;

  private void open(String name) {
    lake = new TestingLake(folder.resolve(name));
    lake.clock(clock);
    lake.logRetention(RETENTION);
    goTo("eu", "us");
    intents = new Intents(lake, clock);
  }

  private void goTo(String... destinations) {
    lake.destinations(destinations);
    lake.targets(
        (source, name) ->
            List.of(destinations).stream()
                .map(one -> new Target(one, lake.root() + "-" + one, name))
                .toList());
  }

  @Test
  void anyHistory_prunedAtAnyMoment_isReplicatedWhole() {
    for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
      open("history-" + seed);
      try {
        Table table = lake.create(TestingLake.EVENTS, "2", RandomCommits.PROPERTIES);
        live(table, new Random(seed * 0x9E3779B97F4A7C15L), new RandomCommits(table, seed));
        assertPruned(table);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("-Dseed=" + seed + " -Dhistories=1", e);
      } finally {
        lake.close();
      }
    }
  }

  private void live(Table table, Random random, RandomCommits commits) {
    Replicator replicator = lake.replicator(CrashPoints.NONE);
    try {
      for (int i = 0; i < COMMITS; i++) {
        commit(table, random, commits);
        clock.step(Duration.ofSeconds(random.nextInt(15)));
        switch (random.nextInt(6)) {
          case 0 -> pauseOrResume("us");
          case 1 -> {
            replicator.close();
            replicator = lake.replicator(CrashPoints.NONE);
          }
          case 2, 3 -> awaitShown(replicator, table, "eu");
          default -> replicator.demand("main");
        }
      }
      lake.sql("update replica set paused = false");
      awaitShown(replicator, table, "eu");
      awaitShown(replicator, table, "us");
      ReplicaChecks.assertEqual(lake, table, lake.published(replica("eu")));
      ReplicaChecks.assertEqual(lake, table, lake.published(replica("us")));
      assertVerified();
    } finally {
      replicator.close();
    }
  }

  /** Past the proxy or through it, as far as the log can tell. */
  private void commit(Table table, Random random, RandomCommits commits) {
    commits.commit();
    table.refresh();
    if (random.nextBoolean()) {
      // A dead proxy's call would be taken over before its answer is written down.
      intents.heartbeat();
      intents.answered(TestingLake.EVENTS, TestingLake.current(table).metadataFileLocation());
    }
  }

  private void pauseOrResume(String destination) {
    lake.sql(
        "update replica set paused = not paused where lifecycle = 'ACTIVE' and destination = '%s'"
            .formatted(destination));
  }

  private void assertVerified() {
    assertThat(
            VerifiedLake.verify(VerifiedLake.subject(lake, TestingLake.EVENTS), RowScope.NONE)
                .violations())
        .isEmpty();
  }

  private Replica replica(String destination) {
    return lake.replicas().byName(destination, TestingLake.EVENTS).orElseThrow();
  }

  private void awaitShown(Replicator replicator, Table table, String destination) {
    table.refresh();
    String wanted = TestingLake.current(table).metadataFileLocation();
    TestingLake.await(
        () -> {
          replicator.demand("main");
          // A replica that has met what the source was just deleting tries again after a while.
          clock.step(Duration.ofMillis(100));
          return lake.strings(
                  """
                  select v.metadata_location from replica r
                  join table_version v on v.source = r.source and v.position = r.position
                  where r.destination = '%s' and r.lifecycle = 'ACTIVE'
                    and r.pointer_generation = r.generation and not r.paused
                  """
                      .formatted(destination))
              .contains(wanted);
        });
  }

  /** What stays is what the replicas show; another destination begins with it. */
  private void assertPruned(Table table) {
    goTo("eu", "us", "ap");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      clock.step(RETENTION.multipliedBy(2));
      awaitPruned();
      awaitShown(replicator, table, "ap");
      ReplicaChecks.assertEqual(lake, table, lake.published(replica("ap")));
      lake.append(table, "after");
      for (String destination : List.of("eu", "us", "ap")) {
        awaitShown(replicator, table, destination);
        ReplicaChecks.assertEqual(lake, table, lake.published(replica(destination)));
      }
      assertVerified();
    }
    goTo("eu", "us");
  }

  private void awaitPruned() {
    TestingLake.await(
        () -> {
          clock.step(Duration.ofSeconds(1));
          return lake.count("select count(*) from intent") == 0
              && lake.count("select count(*) from receipt")
                  <= lake.count("select count(*) from replica")
              && lake.count("select count(*) from table_version")
                  <= lake.count("select count(distinct position) from replica") + 1;
        });
  }

  @Test
  void sourceThatGoesBack_toAVersionThatIsPruned_beginsAnew() {
    open("back");
    Table table = lake.create("2");
    lake.append(table, "a");
    String early = TestingLake.current(table).metadataFileLocation();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      awaitShown(replicator, table, "eu");
      lake.append(table, "b");
      lake.append(table, "c");
      awaitShown(replicator, table, "eu");
      awaitShown(replicator, table, "us");
      String before = replica("eu").id();
      clock.step(RETENTION.multipliedBy(2));
      awaitPruned();
      assertThat(lake.strings("select metadata_location from table_version")).doesNotContain(early);

      lake.pointCatalogTo(early);
      awaitShown(replicator, table, "eu");

      assertThat(replica("eu").id()).isNotEqualTo(before);
      assertThat(lake.replicas().find(before).orElseThrow().lifecycle())
          .isEqualTo(ReplicaLifecycle.ARCHIVED);
      ReplicaChecks.assertEqual(lake, table, lake.published(replica("eu")));
    } finally {
      lake.close();
    }
  }
}
