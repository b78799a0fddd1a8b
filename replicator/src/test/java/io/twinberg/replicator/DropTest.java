package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.OperationState;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.replica.Adoption;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replica.Paused;
import io.twinberg.replica.Pauses;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replicator.pointer.Recovery;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoredObject;
import io.twinberg.testing.Crash;
import io.twinberg.testing.SteppedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A replica that somebody drops is gone at once, its files after a while, and nothing else ever.
 */
class DropTest {
  private static final Duration GRACE = Duration.ofHours(3);
  private static final TableIdentifier NEIGHBOUR = TableIdentifier.of("sales", "neighbour");

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.now());
  private volatile boolean covered = true;
  private TestingLake lake;
  private HookedStore destination;
  private OperationLog log;
  private Table table;
  private Replica replica;
  private List<StoredObject> ofNeighbour;

  @BeforeEach
  void replicateAndUncover() {
    lake = new TestingLake(folder);
    destination = new HookedStore(lake.store());
    lake.stores(lake.store(), destination);
    lake.clock(clock);
    lake.lease(Duration.ofSeconds(1));
    lake.deletion(GRACE, Duration.ofDays(30));
    lake.targets(
        (source, name) ->
            covered || name.equals(NEIGHBOUR)
                ? List.of(new Target("eu", lake.root(), name))
                : List.of());
    log = new OperationLog(lake.database(), clock);
    table = lake.create("2");
    lake.append(table, "a", "b");
    Table neighbour = lake.create(NEIGHBOUR, "2", Map.of());
    lake.append(neighbour, "c");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
      lake.append(table, "d");
      lake.sync(replicator, table);
      lake.sync(replicator, neighbour);
      covered = false;
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().lifecycle() == ReplicaLifecycle.UNMATCHED);
    }
    lake.writePointers();
    replica = lake.replica();
    ofNeighbour = lake.store().list(lake.replica(NEIGHBOUR).folder());
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private static OperationRequest dropOf(Replica replica) {
    ReplicaTarget target =
        new ReplicaTarget(Optional.of("main"), Optional.of("eu"), Optional.of(TestingLake.EVENTS));
    return new OperationRequest.Drop(target, replica.id(), replica.generation());
  }

  private Operation asked(Replicator replicator) {
    Operation operation = log.request(dropOf(replica), "ops");
    replicator.operationWaits();
    return operation;
  }

  private Operation now(Operation operation) {
    return log.find(operation.id()).orElseThrow();
  }

  private Operation finished(Operation operation) {
    TestingLake.await(() -> now(operation).state().finished());
    return now(operation);
  }

  /** Waits until a replicator has put it off, for a reason. */
  private void awaitPutOff(Operation operation, String why) {
    TestingLake.await(
        () ->
            lake.count("select count(*) from operation where state = 'RUNNING' and owner is null")
                    == 1
                && now(operation).progress().orElse("").contains(why));
  }

  /** Its time has come. */
  private void wake(Replicator replicator) {
    lake.sql("update operation set claimed_until = current_timestamp where owner is null");
    replicator.operationWaits();
  }

  private Operation afterGrace(Replicator replicator, Operation operation) {
    clock.step(GRACE);
    wake(replicator);
    return finished(operation);
  }

  private List<StoredObject> files() {
    return lake.store().list(replica.folder());
  }

  private boolean isSeen() {
    return lake.replicas().byName("eu", TestingLake.EVENTS).isPresent();
  }

  private Recovery.Report recovered() {
    return new Recovery(
            new Adoption(lake.database(), Clock.systemUTC()),
            new MirroredNamespaces(lake.database(), Clock.systemUTC()))
        .recover("eu", lake.root(), lake.store());
  }

  private void assertGone(Operation operation) {
    assertThat(operation.state()).as("%s", operation.summary()).isEqualTo(OperationState.COMPLETED);
    assertThat(isSeen()).isFalse();
    assertThat(files()).isEmpty();
    assertThat(lake.store().list(lake.replica(NEIGHBOUR).folder())).isEqualTo(ofNeighbour);
    assertThat(lake.count("select count(*) from dropped_replica")).isZero();
    assertThat(lake.count("select count(*) from replica")).isEqualTo(1);
  }

  @Test
  void drop_takesTheReplicaAwayAtOnceAndItsFilesAfterTheGraceTime() throws IOException {
    List<StoredObject> before = files();
    AtomicInteger told = new AtomicInteger();
    ReplicaListener listener =
        new ReplicaListener() {
          @Override
          public void published(Replica published) {}

          @Override
          public void namesChanged() {
            told.incrementAndGet();
          }
        };
    try (Replicator replicator = lake.replicator(CrashPoints.NONE, listener)) {
      Operation operation = asked(replicator);
      awaitPutOff(operation, "readers may have them open");

      assertThat(isSeen()).isFalse();
      assertThat(told).as("caches are told").hasValue(1);
      List<StoredObject> named = before.stream().filter(DropTest::isNoPointer).toList();
      assertThat(named).hasSizeLessThan(before.size());
      assertThat(files()).isEqualTo(named);
      assertThat(recovered().adopted()).as("the bucket does not tell of it").isEmpty();
      ReplicaChecks.assertWhole(lake, lake.published(replica));
      clock.step(GRACE.minusMinutes(1));
      wake(replicator);
      awaitPutOff(operation, "readers may have them open");
      assertThat(files()).isEqualTo(named);

      assertThat(now(operation).attempts()).isEqualTo(0);
      Operation ended = afterGrace(replicator, operation);

      assertGone(ended);
      JsonNode result = new ObjectMapper().readTree(ended.result().orElseThrow());
      assertThat(result.path("ok").asBoolean()).isTrue();
      assertThat(result.path("filesRemoved").asInt()).isEqualTo(before.size());
      assertThat(ended.summary())
          .hasValue("sales.events at eu dropped, %d files removed".formatted(before.size()));
    }
  }

  @Test
  void name_ofADroppedReplica_isReplicatedAnew() {
    lake.deletion(Duration.ZERO, Duration.ofDays(30));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      assertGone(finished(asked(replicator)));
      covered = true;
      lake.append(table, "e");

      ReplicaChecks.assertEqual(lake, table, lake.sync(replicator, table));

      assertThat(lake.replica().id()).isNotEqualTo(replica.id());
      assertThat(lake.replica().folder()).isNotEqualTo(replica.folder());
    }
  }

  /** The old one's files are being removed while the new one is made. */
  @Test
  void name_coveredAgainBeforeTheFilesAreGone_isReplicatedToAFolderOfItsOwn() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      Operation operation = asked(replicator);
      awaitPutOff(operation, "readers may have them open");
      covered = true;
      lake.append(table, "e");
      lake.sync(replicator, table);

      assertThat(afterGrace(replicator, operation).state()).isEqualTo(OperationState.COMPLETED);

      assertThat(files()).isEmpty();
      ReplicaChecks.assertEqual(lake, table, lake.published());
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {
        "REPLICA_DROPPED",
        "REPLICA_POINTERS_REMOVED",
        "REPLICA_FILES_REMOVED",
        "REPLICA_FORGOTTEN"
      })
  void process_diesAmidADrop_anotherOneEndsIt(CrashPoint point) {
    lake.deletion(Duration.ZERO, Duration.ofDays(30));
    Operation operation = log.request(dropOf(replica), "ops");
    Crash crash = new Crash(point);
    try (Replicator dying = lake.replicator(crash)) {
      dying.operationWaits();
      assertThat(crash.awaitReached()).as("%s is reached", point).isTrue();
    }
    goesOn(operation);
  }

  /** Another kind of crash than at a point: amid the deletions. */
  @Test
  void process_diesWhileFilesAreRemoved_anotherOneEndsIt() {
    lake.deletion(Duration.ZERO, Duration.ofDays(30));
    Operation operation = log.request(dropOf(replica), "ops");
    AtomicInteger deletions = new AtomicInteger();
    CountDownLatch died = new CountDownLatch(1);
    destination.hook(
        call -> {
          if (call.kind().equals("DELETE") && deletions.incrementAndGet() > 5) {
            died.countDown();
            throw new Died();
          }
        });
    try (Replicator dying = lake.replicator(CrashPoints.NONE)) {
      dying.operationWaits();
      DeletionSuite.await(died);
    }
    assertThat(files()).isNotEmpty();
    destination.hook(call -> {});
    goesOn(operation);
  }

  private static final class Died extends Error {
    private static final long serialVersionUID = 1;
  }

  private void goesOn(Operation operation) {
    lake.reopen();
    log = new OperationLog(lake.database(), clock);
    assertThat(isSeen()).isFalse();
    try (Replicator other = lake.replicator(CrashPoints.NONE)) {
      other.operationWaits();
      assertGone(finished(operation));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE,UNAVAILABLE,DESTINATION_UNAVAILABLE",
    "LIST,DENIED,DESTINATION_DENIED",
    "DELETE,THROTTLED,DESTINATION_THROTTLED"
  })
  void destination_thatDoesNotTakeIt_isTriedAgainAndNamed(
      String kind, StoreException.Kind problem, String code) {
    lake.deletion(Duration.ZERO, Duration.ofDays(30));
    destination.hook(
        call -> {
          if (call.kind().equals(kind) && call.location().startsWith(replica.folder())) {
            throw new StoreException(problem, call.location(), "it does not");
          }
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      Operation operation = asked(replicator);
      awaitPutOff(operation, code);
      assertThat(isSeen()).isFalse();
      assertThat(files()).isNotEmpty();
      assertThat(recovered().adopted()).as("its pointer object may be there").isEmpty();
      assertThat(isSeen()).isFalse();

      destination.hook(call -> {});
      wake(replicator);

      assertGone(finished(operation));
    }
  }

  @Test
  void destination_thatIsPaused_losesNothingUntilItIsResumed() {
    Pauses pauses = new Pauses(lake.database(), clock);
    Paused eu = new Paused(Optional.empty(), Optional.of("eu"), Optional.empty());
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      Operation operation = asked(replicator);
      awaitPutOff(operation, "readers may have them open");
      List<StoredObject> before = files();
      pauses.pause(List.of(eu), "ops");
      clock.step(GRACE);
      wake(replicator);
      awaitPutOff(operation, "it is paused: resume it first");
      assertThat(files()).isEqualTo(before);

      pauses.resume(List.of(eu));
      wake(replicator);

      assertGone(finished(operation));
    }
  }

  @Test
  void drop_calledOffAfterwards_goesToItsEnd() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      Operation operation = asked(replicator);
      awaitPutOff(operation, "readers may have them open");

      log.cancel(operation.id(), "somebody");

      assertGone(afterGrace(replicator, operation));
    }
  }

  /** It waits for the next replicator then, and what waits can otherwise be called off at once. */
  @Test
  void drop_calledOffAfterItsReplicatorStoppedAmidTheFiles_goesToItsEnd() {
    lake.deletion(Duration.ZERO, Duration.ofDays(30));
    CountDownLatch removing = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    destination.hook(
        call -> {
          if (call.kind().equals("DELETE")) {
            removing.countDown();
            DeletionSuite.await(stopped);
          }
        });
    Operation operation;
    try (Replicator stopping = lake.replicator(CrashPoints.NONE)) {
      operation = asked(stopping);
      DeletionSuite.await(removing);
    }
    stopped.countDown();
    TestingLake.await(() -> now(operation).state() == OperationState.REQUESTED);
    assertThat(files()).isNotEmpty();

    log.cancel(operation.id(), "somebody");

    assertThat(now(operation).state()).isEqualTo(OperationState.REQUESTED);
    destination.hook(call -> {});
    goesOn(operation);
  }

  @Test
  void drop_whoseReplicatorsKeepDying_goesToItsEnd() {
    Operation operation;
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      operation = asked(replicator);
      awaitPutOff(operation, "readers may have them open");
    }
    clock.step(GRACE);
    lake.sql("update operation set claimed_until = current_timestamp");
    for (int i = 0; i < 9; i++) {
      assertThat(log.claim("dead", Duration.ofMillis(-1))).isPresent();
    }

    goesOn(operation);
  }

  @Test
  void database_thatFailsAmidADrop_doesNotEndIt() {
    lake.deletion(Duration.ZERO, Duration.ofDays(30));
    CountDownLatch broken = new CountDownLatch(1);
    destination.hook(
        call -> {
          if (call.kind().equals("DELETE") && broken.getCount() > 0) {
            lake.sql("alter table dropped_replica rename to dropped_replica_away");
            broken.countDown();
          }
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      Operation operation = asked(replicator);
      awaitPutOff(operation, "tried again in a minute");
      wake(replicator);
      awaitPutOff(operation, "tried again in a minute");
      assertThat(files()).isNotEmpty();

      lake.sql("alter table dropped_replica_away rename to dropped_replica");
      wake(replicator);

      assertGone(finished(operation));
    }
  }

  /** What could not begin, and waits for another try, is nothing that must be gone through with. */
  @Test
  void drop_thatCouldNotBegin_canBeCalledOff() {
    List<StoredObject> before = files();
    lake.sql("alter table dropped_replica rename column removed to removed_away");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      Operation operation = asked(replicator);
      awaitPutOff(operation, "tried again in a minute");

      log.cancel(operation.id(), "somebody");

      assertThat(now(operation).state()).isEqualTo(OperationState.CANCELLED);
    }
    assertThat(isSeen()).isTrue();
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void drop_ofWhatFollowsItsTableAgain_failsAndTakesNothing() {
    List<StoredObject> before = files();
    covered = true;
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().lifecycle() == ReplicaLifecycle.ACTIVE);

      Operation ended = finished(asked(replicator));

      assertThat(ended.state()).isEqualTo(OperationState.FAILED);
      assertThat(ended.summary().orElseThrow()).contains("follows its table again");
      assertThat(lake.replica().id()).isEqualTo(replica.id());
      assertThat(files()).containsAll(before.stream().filter(DropTest::isData).toList());
    }
  }

  private static boolean isNoPointer(StoredObject file) {
    return !file.location().contains("/pointer/");
  }

  private static boolean isData(StoredObject file) {
    return file.location().contains("/data/");
  }

  @Test
  void drop_askedTwice_isDoneOnce() {
    lake.deletion(Duration.ZERO, Duration.ofDays(30));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      Operation first = log.request(dropOf(replica), "ops");
      Operation second = log.request(dropOf(replica), "ops");
      replicator.operationWaits();

      finished(first);
      finished(second);

      assertGone(now(first));
      assertGone(now(second));
    }
  }

  @Test
  void folder_thatIsNotTheReplicas_isNotTouched() {
    lake.sql(
        "update replica set folder = '%s/data' where id = '%s'"
            .formatted(replica.folder(), replica.id()));
    List<StoredObject> before = files();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      Operation ended = finished(asked(replicator));

      assertThat(ended.state()).isEqualTo(OperationState.FAILED);
      assertThat(ended.summary().orElseThrow()).contains("none that Twinberg gives the replica");
    }
    assertThat(files()).isEqualTo(before);
  }

  /** A bucket that is a copy of another has pointers that name folders of the other. */
  @ParameterizedTest
  @ValueSource(strings = {"%s-old/sales/events-%s", "%s//events-%s"})
  void folder_outsideOfTheDestinationsRoot_isNotTouched(String pattern) {
    lake.deletion(Duration.ZERO, Duration.ofDays(30));
    String elsewhere = pattern.formatted(lake.root(), replica.id());
    lake.store().put(elsewhere + "/data/a.parquet", new byte[] {1});
    lake.sql("update replica set folder = '%s' where id = '%s'".formatted(elsewhere, replica.id()));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      Operation ended = finished(asked(replicator));

      assertThat(ended.state()).isEqualTo(OperationState.FAILED);
      assertThat(ended.summary().orElseThrow())
          .contains(
              "none that Twinberg gives the replica %s below %s"
                  .formatted(replica.id(), lake.root()));
    }
    assertThat(lake.store().list(elsewhere)).hasSize(1);
    assertThat(isSeen()).isTrue();
  }

  /** What its lane still writes when it is dropped goes with all the rest. */
  @Test
  void lane_atWorkOnTheReplica_isCutOff() {
    CountDownLatch copying = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    covered = true;
    destination.hook(
        call -> {
          if (!call.kind().equals("LIST") && call.location().endsWith("/data/e.parquet")) {
            copying.countDown();
            DeletionSuite.await(goOn);
          }
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.append(table, "e");
      replicator.demand("main");
      DeletionSuite.await(copying);
      covered = false;
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().lifecycle() == ReplicaLifecycle.UNMATCHED);
      Operation operation = asked(replicator);
      awaitPutOff(operation, "readers may have them open");
      goOn.countDown();
      destination.hook(call -> {});

      assertGone(afterGrace(replicator, operation));
    }
    assertThat(files()).isEmpty();
  }
}
