package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.OperationState;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.operation.RowScope;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.source.CatalogSourceReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pausing, resuming and refreshing under a running replicator with two destinations. */
class PauseTest {
  private static final ReplicaTarget EU =
      new ReplicaTarget(Optional.empty(), Optional.of("eu"), Optional.empty());
  private static final TableIdentifier LATER = TableIdentifier.of("sales", "later");
  private static final int FILES = 400;

  @TempDir private Path folder;
  private TestingLake lake;
  private OperationLog log;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    lake.destinations("eu", "us");
    lake.targets(
        (source, name) ->
            List.of(
                new Target("eu", lake.root(), name), new Target("us", lake.root() + "-us", name)));
    log = new OperationLog(lake.database(), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private Operation asked(Replicator replicator, OperationRequest request) {
    Operation operation = log.request(request, "ops");
    replicator.operationWaits();
    return finished(operation);
  }

  private Operation finished(Operation operation) {
    TestingLake.await(() -> log.find(operation.id()).orElseThrow().state().finished());
    Operation ended = log.find(operation.id()).orElseThrow();
    assertThat(ended.state()).as("%s", ended.summary()).isEqualTo(OperationState.COMPLETED);
    return ended;
  }

  private Replica at(String destination, TableIdentifier name) {
    return lake.replicas().byName(destination, name).orElseThrow();
  }

  /** What the other destination shows is the proof that there was time for this one. */
  private void awaitCurrentAtUs(Replicator replicator, Table table) {
    replicator.demand("main");
    String location = TestingLake.current(table).metadataFileLocation();
    TestingLake.await(
        () ->
            lake.strings(
                    "select source_metadata_location from receipt c join replica r on r.receipt_id = c.id"
                        + " where r.destination = 'us'")
                .contains(location));
  }

  @Test
  void destination_paused_commitsAreLoggedAndNothingIsDoneUntilItIsResumed() {
    Table table = lake.create("2");
    lake.append(table, "a");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);

      Operation pause = asked(replicator, new OperationRequest.Pause(EU));
      assertThat(pause.summary())
          .hasValueSatisfying(text -> assertThat(text).startsWith("1 replica paused"));
      long generation = lake.replica().generation();
      lake.append(table, "b");
      lake.append(table, "c");
      Table later = lake.create(LATER, "2", Map.of());
      lake.append(later, "d");
      awaitCurrentAtUs(replicator, table);
      awaitCurrentAtUs(replicator, later);

      assertThat(lake.replica().generation()).isEqualTo(generation);
      assertThat(at("eu", LATER).paused()).as("a table that came later").isTrue();
      assertThat(at("eu", LATER).metadataLocation()).isEmpty();
    }
    try (Replicator restarted = lake.replicator(CrashPoints.NONE)) {
      lake.append(table, "e");
      awaitCurrentAtUs(restarted, table);
      assertThat(lake.replica().paused()).as("after a restart").isTrue();

      Operation resume = asked(restarted, new OperationRequest.Resume(EU));

      assertThat(resume.summary()).contains("2 replicas resumed");
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
      lake.awaitCurrent(lake.catalog().loadTable(LATER));
      assertThat(asked(restarted, new OperationRequest.Verify(EU, RowScope.NONE)).summary())
          .contains("2 replicas verified, 0 violations");
      assertThat(asked(restarted, new OperationRequest.Resume(EU)).summary())
          .hasValueSatisfying(text -> assertThat(text).startsWith("nothing to resume"));
    }
  }

  @Test
  void runningCopy_paused_stopsSoonAndShowsNothing() {
    HookedStore slow = new HookedStore(lake.store());
    slow.hook(call -> LockSupport.parkNanos(Duration.ofMillis(500).toNanos()));
    lake.stores(lake.store(), slow);
    Table table = lake.create("2");
    lake.append(table, IntStream.range(0, FILES).mapToObj(i -> "f" + i).toArray(String[]::new));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(() -> slow.calls("COPY").size() > 4);

      asked(replicator, new OperationRequest.Pause(ReplicaTarget.ALL));

      int copied = slow.calls("COPY").size();
      assertThat(copied).as("files copied of twice %d", FILES).isLessThan(2 * FILES);
      for (String destination : List.of("eu", "us")) {
        Replica replica = at(destination, TestingLake.EVENTS);
        assertThat(replica.metadataLocation()).isEmpty();
        assertThat(replica.failure()).as("a pause is no failure").isEmpty();
      }
      slow.hook(call -> {});
      asked(replicator, new OperationRequest.Resume(ReplicaTarget.ALL));
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
    }
  }

  /** It may only have stood still, and would go on where it was. */
  @Test
  void pause_whileADeadProcessHasTheLease_fencesItOff() {
    Table table = lake.create("2");
    lake.append(table, "a");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
    }
    String lease = "'replica/" + lake.replica().id() + "'";
    lake.sql(
        "update lease set owner = 'dead', token = token + 1, expires_at = timestamp '2020-01-01 00:00:00' where resource = "
            + lease);
    long token = lake.count("select token from lease where resource = " + lease);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      asked(replicator, new OperationRequest.Pause(EU));
      assertThat(lake.count("select token from lease where resource = " + lease))
          .isGreaterThan(token);
      assertThat(
              lake.count(
                  "select count(*) from lease where owner is not null and resource = " + lease))
          .isZero();
    }
  }

  @Test
  void table_resumedInAPausedDestination_saysWhatElseIsToBeResumed() {
    Table table = lake.create("2");
    lake.append(table, "a");
    ReplicaTarget events =
        new ReplicaTarget(Optional.empty(), Optional.of("eu"), Optional.of(TestingLake.EVENTS));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
      asked(replicator, new OperationRequest.Pause(EU));
      asked(replicator, new OperationRequest.Pause(events));

      assertThat(asked(replicator, new OperationRequest.Resume(events)).summary())
          .contains(
              "0 replicas resumed; 1 replica still paused with the destination: resume that, too");
    }
  }

  @Test
  void refresh_ofASourceThatIsSeldomLookedAt_seesCommitsAndNewTables() {
    lake.sweepInterval(Duration.ofHours(1));
    ReplicaTarget main = new ReplicaTarget(Optional.of("main"), Optional.empty(), Optional.empty());
    Table table = lake.create("2");
    lake.append(table, "a");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
      lake.append(table, "b");
      Table later = lake.create(LATER, "2", Map.of());
      lake.append(later, "c");

      Operation refresh = asked(replicator, new OperationRequest.Refresh(main));

      assertThat(refresh.summary())
          .contains("source main looked at, 1 of 1 tables with replicas seen");
      assertThat(lake.strings("select metadata_location from table_version"))
          .contains(
              TestingLake.current(table).metadataFileLocation(),
              TestingLake.current(later).metadataFileLocation());
      lake.append(table, "d");
      asked(
          replicator,
          new OperationRequest.Refresh(
              new ReplicaTarget(
                  Optional.of("main"), Optional.empty(), Optional.of(TestingLake.EVENTS))));
      assertThat(lake.strings("select metadata_location from table_version"))
          .contains(TestingLake.current(table).metadataFileLocation());
    }
  }

  @Test
  void pause_behindLongOperations_doesNotWaitForThem() {
    silenceSource();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      Operation one = hangingRefresh(replicator);
      Operation two = hangingRefresh(replicator);

      asked(replicator, new OperationRequest.Pause(EU));

      for (Operation hanging : List.of(one, two)) {
        assertThat(state(hanging)).isEqualTo(OperationState.RUNNING);
      }
    }
  }

  @Test
  void operation_cancelled_ends() {
    silenceSource();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      Operation operation = hangingRefresh(replicator);

      log.cancel(operation.id(), "boss");

      TestingLake.await(() -> state(operation) == OperationState.CANCELLED);
      assertThat(log.find(operation.id()).orElseThrow().summary()).contains("cancelled by boss");
    }
  }

  private OperationState state(Operation operation) {
    return log.find(operation.id()).orElseThrow().state();
  }

  /** The source lets nobody list it. */
  private void silenceSource() {
    FaultyReader silent = new FaultyReader(CatalogSourceReader.of(lake.catalog()));
    silent.silence();
    lake.reader(silent);
  }

  private Operation hangingRefresh(Replicator replicator) {
    Operation operation =
        log.request(
            new OperationRequest.Refresh(
                new ReplicaTarget(Optional.of("main"), Optional.empty(), Optional.empty())),
            "ops");
    replicator.operationWaits();
    TestingLake.await(() -> state(operation) == OperationState.RUNNING);
    return operation;
  }
}
