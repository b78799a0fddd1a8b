package io.twinberg.it.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.database.Database;
import io.twinberg.it.RunningTwinberg;
import io.twinberg.it.Setup;
import io.twinberg.it.StorePair;
import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.testing.Databases;
import io.twinberg.testing.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two whole Twinbergs, proxy and replicator each, on one PostgreSQL: one is stopped by SIGSTOP for
 * longer than its leases last, and goes on as if nothing had happened, once amid its work and once
 * amid a deletion. Replicas keep little and writers replace files, so that files are deleted all
 * the time, and take some of them back, so that what is condemned is needed again. {@code
 * -Drounds=} sets how often, {@code -Dseed=} when.
 */
@Tag("kills")
class PausedProcessIT {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int ROUNDS = Integer.getInteger("rounds", 3);
  private static final String NAMESPACE = "shop";
  private static final List<String> TABLES = List.of("shared", "first", "second");
  private static final int COMMITS = 20;

  /** Longer than a scan takes. */
  private static final Duration DELETION = Duration.ofSeconds(15);

  private static final Duration GOES_ON = Duration.ofMinutes(3);

  /** Between two looks of the reader. */
  private static final Duration READERS_PAUSE = Duration.ofMillis(50);

  @TempDir private Path folder;
  private final Random random = new Random(SEED);

  @Test
  void processStoppedPastItsLeases_doesNothingTwiceAndLosesNothing() {
    String shared = PostgresServer.running().createDatabase();
    try (StorePair stores = StorePair.start(folder);
        FixtureCatalog upstream =
            FixtureCatalog.start(
                FixtureSettings.onS3(
                    folder.resolve("upstream"),
                    StorePair.WAREHOUSE,
                    stores.source().properties()));
        WhatClientsWereTold told = new WhatClientsWereTold(folder.resolve("told.txt"));
        Database database = Databases.postgres(shared)) {
      Setup setup =
          Setup.upstream(folder, stores, upstream.uri())
              .on(shared)
              .retained("{ max-snapshot-age: 10s, min-snapshots-to-keep: 3 }")
              .deleting(DELETION);
      try (PausedTwin one = PausedTwin.start(setup, "one", database);
          PausedTwin other = PausedTwin.start(setup, "other", database);
          Clients clients = new Clients(stores, told);
          ReplicaScan reader =
              new ReplicaScan(
                  stores,
                  other.catalog(Setup.DESTINATION),
                  TABLES.stream().map(table -> TableIdentifier.of(NAMESPACE, table)).toList(),
                  READERS_PAUSE,
                  DELETION)) {
        List<Replacer> replacers = List.of(new Replacer(database), new Replacer(database));
        write(clients, one, other, replacers);
        reader.start();
        for (int round = 1; round <= ROUNDS; round++) {
          PausedTwin twin = busy(one, other, PausedTwin::applying);
          awaitCommits(told);
          twin.pauseAmidWork(random);
          goOn(twin, told, round, () -> {});
          PausedTwin next = busy(one, other, PausedTwin::deleting);
          next.pauseAmidDeletion();
          goOn(next, told, round, () -> awaitTakenBack(replacers.get(next == one ? 1 : 0)));
        }
        clients.end();
        assertThat(reader.end()).as("what readers missed, seed %d", SEED).isEmpty();
        assertThat(one.deletions() + other.deletions()).as("batches of deleted files").isPositive();
      }
      try (RunningTwinberg last = RunningTwinberg.start(setup)) {
        LogOfAll checks = new LogOfAll(last, told, NAMESPACE);
        checks.assertReplicasEqual(TABLES);
        checks.assertLoggedOnce(TABLES);
        checks.assertAppliedOnce(TABLES);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + SEED, e);
      }
    }
  }

  /** One of them that is at work: where one keeps up alone, it leaves the other nothing to do. */
  private PausedTwin busy(PausedTwin one, PausedTwin other, ToLongFunction<PausedTwin> work) {
    List<PausedTwin> twins = random.nextBoolean() ? List.of(one, other) : List.of(other, one);
    return await("a process at work")
        .atMost(GOES_ON)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> twins.stream().filter(twin -> work.applyAsLong(twin) > 0).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static void write(
      Clients clients, PausedTwin one, PausedTwin other, List<Replacer> replacers) {
    clients.create(one.catalog(Setup.SOURCE), NAMESPACE, TABLES);
    clients.commitTo(one.catalog(Setup.SOURCE), NAMESPACE, "shared");
    clients.commitTo(one.catalog(Setup.SOURCE), NAMESPACE, "first", replacers.get(0));
    clients.commitTo(other.catalog(Setup.SOURCE), NAMESPACE, "shared");
    clients.commitTo(other.catalog(Setup.SOURCE), NAMESPACE, "second", replacers.get(1));
  }

  private void goOn(PausedTwin twin, WhatClientsWereTold told, int round, Runnable meanwhile) {
    System.out.printf(
        "round %d, seed %d: stopped amid %d lanes, %d forwards and %d deletions, %d commits so far%n",
        round, SEED, twin.applying(), twin.inFlight(), twin.deleting(), told.acknowledged().size());
    try {
      twin.awaitLeasesLost();
      meanwhile.run();
    } finally {
      twin.resume();
    }
    awaitCommits(told);
  }

  private static void awaitTakenBack(Replacer replacer) {
    int before = replacer.takenBack();
    await("condemned files that are needed again")
        .atMost(GOES_ON)
        .until(() -> replacer.takenBack() > before);
  }

  private static void awaitCommits(WhatClientsWereTold told) {
    int before = told.acknowledged().size();
    await("commits").atMost(GOES_ON).until(() -> told.acknowledged().size() > before + COMMITS);
  }
}
