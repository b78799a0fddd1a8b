package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.OperationState;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.replica.DroppedReplicas;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.testing.SteppedClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Tables that the source drops, and replicas of such tables that somebody drops then. Each is there
 * only if a crash point needs it.
 */
final class DoomedTables {
  private static final Set<CrashPoint> OF_TABLES =
      EnumSet.of(CrashPoint.REPLICAS_DROPPED, CrashPoint.TABLE_DROPPED);
  private static final Set<CrashPoint> OF_REPLICAS =
      EnumSet.of(CrashPoint.REPLICA_DROPPED, CrashPoint.REPLICA_POINTERS_REMOVED);
  private static final Set<CrashPoint> OF_FILES =
      EnumSet.of(CrashPoint.REPLICA_FILES_REMOVED, CrashPoint.REPLICA_FORGOTTEN);

  private final TestingLake lake;
  private final SteppedClock clock;
  private final Duration grace;
  private final Queue<TableIdentifier> living = new ArrayDeque<>();
  private final List<TableIdentifier> dead = new ArrayList<>();
  private final Queue<Replica> unwanted = new ArrayDeque<>();
  private final Map<String, Replica> dropped = new LinkedHashMap<>();

  /**
   * @param grace how long the files of a dropped replica stay
   */
  DoomedTables(TestingLake lake, SteppedClock clock, Duration grace) {
    this.lake = lake;
    this.clock = clock;
    this.grace = grace;
  }

  /** Makes what these points need, and has it replicated. */
  void begin(List<CrashPoint> points) {
    List<TableIdentifier> gone = new ArrayList<>();
    for (CrashPoint point : points) {
      if (OF_TABLES.contains(point)) {
        living.add(create("doomed" + living.size()));
      } else if (isOfADrop(point)) {
        gone.add(create("unwanted" + gone.size()));
      }
    }
    if (!living.isEmpty() || !gone.isEmpty()) {
      replicate(gone);
    }
  }

  private static boolean isOfADrop(CrashPoint point) {
    return OF_REPLICAS.contains(point) || OF_FILES.contains(point);
  }

  private TableIdentifier create(String name) {
    TableIdentifier table = TableIdentifier.of("sales", name);
    lake.append(lake.create(table, "2", Map.of()), "of-" + name);
    return table;
  }

  private void replicate(List<TableIdentifier> gone) {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      living.forEach(name -> lake.awaitCurrent(lake.catalog().loadTable(name)));
      gone.forEach(name -> lake.awaitCurrent(lake.catalog().loadTable(name)));
      gone.forEach(name -> lake.catalog().dropTable(name, false));
      replicator.demand("main");
      gone.forEach(name -> TestingLake.await(() -> restsWithoutItsTable(name)));
    }
    gone.forEach(name -> unwanted.add(lake.replica(name)));
  }

  private boolean restsWithoutItsTable(TableIdentifier name) {
    Replica replica = lake.replica(name);
    return replica.lifecycle() == ReplicaLifecycle.SOURCE_DROPPED
        && replica.pointerGeneration() == replica.generation();
  }

  /** Gives the next process something to do that passes a point; false if that is not ours. */
  boolean arrange(CrashPoint point) {
    if (OF_TABLES.contains(point)) {
      TableIdentifier name = living.remove();
      lake.catalog().dropTable(name, false);
      dead.add(name);
    } else if (isOfADrop(point)) {
      drop(unwanted.remove(), OF_FILES.contains(point));
    } else {
      return false;
    }
    return true;
  }

  private void drop(Replica replica, boolean longAgo) {
    ReplicaTarget target =
        new ReplicaTarget(Optional.of("main"), Optional.of("eu"), Optional.of(replica.name()));
    Operation operation =
        log().request(new OperationRequest.Drop(target, replica.id(), replica.generation()), "ops");
    dropped.put(operation.id(), replica);
    if (longAgo) {
      // As a process has left it that did no more than this.
      new DroppedReplicas(lake.database(), clock)
          .drop(operation.id(), replica.id(), replica.generation());
      clock.step(grace);
    }
  }

  private OperationLog log() {
    return new OperationLog(lake.database(), clock);
  }

  /** What a dead process was at waits until its claim has run out. */
  void outlive() {
    lake.sql("update operation set claimed_until = current_timestamp where state = 'RUNNING'");
  }

  /** Waits until all that was begun has come to its end; the grace time is over by then. */
  void awaitDone(Replicator replicator) {
    dead.forEach(
        name ->
            TestingLake.await(
                () -> lake.replica(name).lifecycle() == ReplicaLifecycle.SOURCE_DROPPED));
    TestingLake.await(
        () -> {
          wake(replicator);
          return dropped.keySet().stream().allMatch(id -> now(id).state().finished());
        });
  }

  private void wake(Replicator replicator) {
    lake.sql("update operation set claimed_until = current_timestamp where owner is null");
    replicator.operationWaits();
  }

  private Operation now(String operation) {
    return log().find(operation).orElseThrow();
  }

  /** What is there in the end, and what is not. */
  void assertDone() {
    dead.forEach(name -> assertThat(lake.replica(name).generation()).isEqualTo(1));
    dropped.forEach(
        (operation, replica) -> {
          assertThat(now(operation).state())
              .as("%s", now(operation).summary())
              .isEqualTo(OperationState.COMPLETED);
          assertThat(lake.replicas().find(replica.id())).isEmpty();
          assertThat(lake.store().list(replica.folder())).isEmpty();
        });
    assertThat(lake.count("select count(*) from dropped_replica")).isZero();
  }
}
