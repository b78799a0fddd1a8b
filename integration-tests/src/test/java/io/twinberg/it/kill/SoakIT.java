package io.twinberg.it.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.database.Database;
import io.twinberg.it.RunningTwinberg;
import io.twinberg.it.Setup;
import io.twinberg.it.StorePair;
import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.it.kill.WhatClientsWereTold.Commit;
import io.twinberg.testing.Databases;
import io.twinberg.testing.Fault;
import io.twinberg.testing.FaultPlan;
import io.twinberg.testing.FaultRule;
import io.twinberg.testing.FaultyS3;
import io.twinberg.testing.FaultyUpstream;
import io.twinberg.testing.PostgresServer;
import io.twinberg.testing.UpstreamFault;
import io.twinberg.testing.UpstreamPlan;
import io.twinberg.testing.UpstreamRule;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long life: 50 tables, five commits a second, faults at the stores and at the source, a writer
 * who bypasses the proxy, expiry at the source, deletion at the destination, and restarts. {@code
 * -Dminutes=} sets how long, {@code -Dseed=} which life.
 */
@Tag("soak")
class SoakIT {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int MINUTES = Integer.getInteger("minutes", 20);
  private static final int SAMPLES = 20;
  private static final double STORE_FAULTS = 0.05;
  private static final double SOURCE_FAULTS = 0.02;
  private static final Duration CAUGHT_UP = Duration.ofMinutes(5);
  private static final FaultRule FAULTS =
      FaultRule.of(
              Fault.SLOW_DOWN,
              Fault.INTERNAL_ERROR,
              Fault.REQUEST_TIMEOUT,
              Fault.RESET_BEFORE,
              Fault.RESET_AFTER,
              Fault.RESET_IN_BODY,
              Fault.TRUNCATED,
              Fault.DUPLICATED)
          .probability(STORE_FAULTS)
          .inARow(1, 3);

  @TempDir private Path folder;
  private final List<SoakSample> samples = new ArrayList<>();

  @Test
  void longLifeAmongFaults_losesNothingAndStaysFlat() {
    String shared = PostgresServer.running().createDatabase();
    FaultPlan plan = new FaultPlan(SEED);
    plan.add(FAULTS);
    try (StorePair stores = StorePair.start(folder);
        FixtureCatalog upstream =
            FixtureCatalog.start(
                FixtureSettings.onS3(
                    folder.resolve("upstream"),
                    StorePair.WAREHOUSE,
                    stores.source().properties()));
        FaultyUpstream proxied = new FaultyUpstream(upstream.uri(), new UpstreamPlan(SEED));
        FaultyS3 source = FaultyS3.before(stores.source(), plan);
        FaultyS3 destination = FaultyS3.before(stores.destination(), plan);
        WhatClientsWereTold told = new WhatClientsWereTold(folder.resolve("told.txt"));
        Database database = Databases.postgres(shared);
        WatchedLog log = new WatchedLog(database)) {
      Setup setup =
          Setup.upstream(folder, stores, proxied.uri())
              .sourceWith("forward-timeout: 10s")
              .onWires(stores, source, destination)
              .on(shared)
              .deleting(Duration.ofSeconds(30))
              .with("log-retention: %ds\n".formatted(logRetention().toSeconds()));
      live(setup, stores, proxied, upstream.uri(), told, database);
      plan.heal();
      System.out.println("seed " + SEED + ", store faults met: " + plan.met());
      System.out.println("faults at the source met: " + proxied.plan().met());
      try (RunningTwinberg last = RunningTwinberg.start(setup)) {
        assertNothingLost(last, told, log.seen());
      }
    }
    assertFlat();
  }

  private static Duration logRetention() {
    return Duration.ofMinutes(MINUTES).dividedBy(10);
  }

  private void live(
      Setup setup,
      StorePair stores,
      FaultyUpstream proxied,
      URI upstream,
      WhatClientsWereTold told,
      Database database) {
    try (SoakServer server = new SoakServer(setup, SEED);
        SoakClients clients = new SoakClients(stores, told, SEED)) {
      clients.create(server.catalog());
      awaitReplicas(database);
      clients.start(server.catalog(), upstream, Duration.ofMinutes(MINUTES).dividedBy(5));
      proxied
          .plan()
          .add(
              UpstreamRule.of(UpstreamFault.all())
                  .on("POST", "/tables/")
                  .probability(SOURCE_FAULTS));
      Duration interval = Duration.ofMinutes(MINUTES).dividedBy(SAMPLES);
      System.out.println(SoakSample.HEAD);
      for (int i = 1; i <= SAMPLES; i++) {
        LockSupport.parkNanos(interval.toNanos());
        proxied.deliverHeld();
        SoakSample sample =
            SoakSample.of(i * interval.toSeconds(), server.pid(), database, stores, interval);
        samples.add(sample);
        System.out.println(sample);
        server.maybeRestart(i);
      }
      clients.end();
      proxied.plan().heal();
      proxied.deliverHeld();
      awaitNoLag(database);
    }
  }

  /** A table that is found by a look begins, in the log, with the version that it has by then. */
  private static void awaitReplicas(Database database) {
    await("replicas of all tables")
        .atMost(CAUGHT_UP)
        .until(
            () ->
                count(database, "select count(*) from replica where metadata_location is not null"),
            count -> count == SoakClients.TABLES.size());
  }

  /**
   * What never landed may stay unknown for as long as it may still turn up. The stores' faults go
   * on, and the lag is gone by itself all the same.
   */
  private static void awaitNoLag(Database database) {
    await("lag back to zero")
        .atMost(CAUGHT_UP)
        .until(
            () ->
                count(
                    database,
                    """
                    select count(*) from replica r join source_table t on t.id = r.table_id
                    where t.head_position > r.position
                       or exists (select 1 from intent where state in ('PENDING', 'COMMITTED'))
                    """),
            count -> count == 0);
  }

  private static long count(Database database, String sql) {
    return database.jdbi().withHandle(handle -> handle.select(sql).mapTo(Long.class).one());
  }

  private void assertNothingLost(RunningTwinberg last, WhatClientsWereTold told, Set<Long> logged) {
    LogOfAll checks = new LogOfAll(last, told, SoakClients.NAMESPACE);
    checks.assertReplicasEqual(SoakClients.TABLES);
    Set<Commit> replicated = new HashSet<>();
    for (String table : SoakClients.TABLES) {
      last.reads(Setup.DESTINATION)
          .history(SoakClients.NAMESPACE, table)
          .orElseThrow()
          .snapshots()
          .forEach(snapshot -> replicated.add(new Commit(table, snapshot.id())));
    }
    System.out.printf(
        "%d commits acknowledged, %d versions seen in the log, %d gaps%n",
        told.acknowledged().size(), logged.size(), last.rows("gap").size());
    assertThat(told.acknowledged()).hasSizeGreaterThan(MINUTES * 60);
    assertThat(replicated).containsAll(told.acknowledged());
    assertThat(told.acknowledged())
        .filteredOn(commit -> !logged.contains(commit.snapshot()))
        .as("acknowledged and never in the log")
        .isEmpty();
    assertThat(last.rows("gap")).isEmpty();
  }

  private void assertFlat() {
    assertFlat("heap", SoakSample::heapMegabytes, 1.3, 64);
    assertFlat("threads", SoakSample::threads, 1.2, 20);
    assertFlat("descriptors", SoakSample::descriptors, 1.2, 50);
    assertFlat("rows", one -> one.rows().stream().mapToLong(Long::longValue).sum(), 1.5, 500);
  }

  /** The most of the last quarter is near the most of the second one, when all had settled. */
  private void assertFlat(
      String what, ToLongFunction<SoakSample> value, double factor, long slack) {
    long early = most(value, SAMPLES / 4, SAMPLES / 2);
    long late = most(value, SAMPLES * 3 / 4, SAMPLES);
    assertThat((double) late).as(what).isLessThanOrEqualTo(early * factor + slack);
  }

  private long most(ToLongFunction<SoakSample> value, int from, int to) {
    return samples.subList(from, to).stream().mapToLong(value).max().orElseThrow();
  }
}
