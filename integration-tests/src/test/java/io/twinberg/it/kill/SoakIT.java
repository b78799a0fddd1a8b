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
import io.twinberg.testing.UpstreamFault.Reply;
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
 * A long life: 50 tables, five commits a second that add, replace, remove and compact files, faults
 * at the stores and at the source, a writer who bypasses the proxy, expiry with all its files at
 * the source, deletion at the destination, a reader who looks at every file of the replicas, and
 * restarts. {@code -Dminutes=} sets how long, {@code -Dseed=} which life.
 */
@Tag("soak")
class SoakIT {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int MINUTES = Integer.getInteger("minutes", 20);
  private static final int SAMPLES = 20;
  private static final double STORE_FAULTS = 0.05;
  private static final double SOURCE_FAULTS = 0.02;
  private static final Duration CAUGHT_UP = Duration.ofMinutes(5);

  /** Rare, since each costs the patience that the server has with stores. */
  private static final double STALLS = 0.001;

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration GRACE = Duration.ofSeconds(30);

  /** What a replica still lacks is not expired, or there would be gaps after each long fault. */
  private static final String GUARD = "expiry-guard: hold, expiry-hold: 10m";

  private static final Duration READERS_PAUSE = Duration.ofMillis(200);

  /** Less than the writers attempt: some commits meet faults, some turns expire snapshots. */
  private static final int ACKNOWLEDGED_A_SECOND = SoakClients.WRITERS - 1;

  /** All that this life can meet: it has no copies within a store and no uploads in parts. */
  private static final FaultRule FAULTS =
      FaultRule.of(
              Fault.SLOW_DOWN,
              Fault.INTERNAL_ERROR,
              Fault.REQUEST_TIMEOUT,
              Fault.RESET_BEFORE,
              Fault.RESET_AFTER,
              Fault.RESET_IN_BODY,
              Fault.TRUNCATED,
              Fault.DUPLICATED,
              Fault.WRONG_BYTES,
              Fault.NOT_FOUND)
          .probability(STORE_FAULTS)
          .inARow(1, 3);

  private static final FaultRule STALLING =
      FaultRule.of(Fault.STALL, Fault.STALL_IN_BODY).probability(STALLS);

  /** With these a refusal is a lie that does not come from Twinberg. */
  private static final Set<UpstreamFault> LIES =
      Set.of(
          UpstreamFault.after(Reply.CONFLICT),
          UpstreamFault.twice(Reply.ITS_OWN),
          // The client's HTTP layer sends it again, as told, and hears of a conflict with itself.
          UpstreamFault.after(Reply.RETRY_AFTER),
          UpstreamFault.later(Reply.RETRY_AFTER));

  @TempDir private Path folder;
  private final List<SoakSample> samples = new ArrayList<>();

  @Test
  void longLifeAmongFaults_losesNothingAndStaysFlat() {
    String shared = PostgresServer.running().createDatabase();
    FaultPlan plan = new FaultPlan(SEED);
    plan.add(STALLING);
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
        Database database = Databases.postgres(shared)) {
      Setup setup =
          Setup.upstream(folder, stores, proxied.uri())
              .sourceWith("forward-timeout: 10s")
              .onWires(stores, source, destination, PATIENCE)
              .on(shared)
              .ruled(SoakClients.KEPT, GUARD)
              .ruled(
                  SoakClients.BRIEF,
                  GUARD
                      + ", retention: { max-snapshot-age: %ds, min-snapshots-to-keep: 2 }"
                          .formatted(tenth()))
              .deleting(GRACE)
              .with("log-retention: %1$ds\naudit-retention: %1$ds\n".formatted(tenth()));
      System.out.println("seed " + SEED);
      WatchedLog log = live(setup, stores, proxied, upstream.uri(), told, database);
      assertThat(plan.met().keySet()).containsAll(FAULTS.faults()).containsAll(STALLING.faults());
      plan.heal();
      System.out.println("store faults met: " + plan.met());
      System.out.println("faults at the source met: " + proxied.plan().met());
      System.out.println("acknowledged, not yet seen by a look: " + notLogged(told, log));
      try (RunningTwinberg last = RunningTwinberg.start(setup)) {
        assertNothingLost(last, told, log);
      }
    }
    assertFlat();
  }

  /** How long rows of the log and some replicas' snapshots are kept, in seconds. */
  private static long tenth() {
    return Duration.ofMinutes(MINUTES).toSeconds() / 10;
  }

  private WatchedLog live(
      Setup setup,
      StorePair stores,
      FaultyUpstream proxied,
      URI upstream,
      WhatClientsWereTold told,
      Database database) {
    try (SoakServer server = new SoakServer(setup, SEED);
        SoakClients clients = new SoakClients(stores, told, SEED);
        ReplicaScan reader =
            new ReplicaScan(
                stores,
                server.catalog(Setup.DESTINATION),
                SoakClients.TABLES,
                READERS_PAUSE,
                GRACE)) {
      clients.create(server.catalog(Setup.SOURCE));
      awaitReplicas(database);
      WatchedLog log = new WatchedLog(database);
      clients.start(server.catalog(Setup.SOURCE), upstream, Duration.ofSeconds(2 * tenth()));
      reader.start();
      List<UpstreamFault> faults =
          UpstreamFault.all().stream().filter(fault -> !LIES.contains(fault)).toList();
      proxied
          .plan()
          .add(UpstreamRule.of(faults).on("POST|GET", "/tables/").probability(SOURCE_FAULTS));
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
      assertThat(reader.end()).as("what readers missed").isEmpty();
      return log;
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

  private void assertNothingLost(RunningTwinberg last, WhatClientsWereTold told, WatchedLog log) {
    for (String namespace : List.of(SoakClients.KEPT, SoakClients.BRIEF)) {
      new LogOfAll(last, told, namespace).assertReplicasEqual(SoakClients.tablesOf(namespace));
    }
    List<Commit> lost = notLogged(told, log);
    LoggedVersions logged = log.versions();
    System.out.printf(
        "%d commits acknowledged, %d refused, %d versions seen in the log, %d gaps, %d data files deleted%n",
        told.acknowledged().size(),
        told.rejected().size(),
        logged.all().size(),
        log.gaps(),
        log.deletedDataFiles());
    lost.forEach(commit -> System.out.println(String.join("\n", log.historyOf(commit))));
    assertThat(lost).as("acknowledged and never in the log").isEmpty();
    logged.assertHolds(told.acknowledged(), told.rejected());
    logged.assertOrdered();
    SoakClients.TABLES.forEach(table -> logged.assertChainOf(table, last.reads(Setup.SOURCE)));
    assertThat(log.gaps()).isZero();
    assertThat(kept(last))
        .containsAll(ofKept(told.acknowledged()))
        .doesNotContainAnyElementsOf(told.rejected());
    assertThat(log.deletedDataFiles()).as("data files deleted at the destination").isPositive();
    assertThat(told.acknowledged()).hasSizeGreaterThan(MINUTES * 60 * ACKNOWLEDGED_A_SECOND);
  }

  /** The snapshots of the replicas that keep everything. */
  private static Set<Commit> kept(RunningTwinberg last) {
    Set<Commit> kept = new HashSet<>();
    for (String table : SoakClients.tablesOf(SoakClients.KEPT)) {
      last.reads(Setup.DESTINATION)
          .history(SoakClients.KEPT, table)
          .orElseThrow()
          .snapshots()
          .forEach(snapshot -> kept.add(new Commit(table, snapshot.id())));
    }
    return kept;
  }

  private static List<Commit> ofKept(Set<Commit> all) {
    List<String> tables = SoakClients.tablesOf(SoakClients.KEPT);
    return all.stream().filter(one -> tables.contains(one.table())).toList();
  }

  /**
   * A commit that went past the proxy, or whose outcome only its client has found out by itself, is
   * acknowledged before a look at the source has seen it: there is no lag to wait for until then.
   */
  private static List<Commit> notLogged(WhatClientsWereTold told, WatchedLog log) {
    Set<Long> logged = log.snapshots();
    return told.acknowledged().stream().filter(one -> !logged.contains(one.snapshot())).toList();
  }

  private void assertFlat() {
    assertFlat("heap", SoakSample::heapMegabytes, 1.3, 64);
    assertFlat("threads", SoakSample::threads, 1.2, 20);
    assertFlat("descriptors", SoakSample::descriptors, 1.2, 50);
    samples
        .get(0)
        .rows()
        .keySet()
        .forEach(table -> assertFlat(table, one -> one.rows().get(table), 1.5, 200));
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
