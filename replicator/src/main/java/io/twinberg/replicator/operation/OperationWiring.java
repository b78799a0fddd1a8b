package io.twinberg.replicator.operation;

import io.twinberg.database.Database;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.SourceTables;
import io.twinberg.log.Sources;
import io.twinberg.log.TableChecks;
import io.twinberg.operation.OperationKind;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationQueue;
import io.twinberg.operation.TargetedReplicas;
import io.twinberg.replica.DroppedReplicas;
import io.twinberg.replica.Leases;
import io.twinberg.replica.Ledger;
import io.twinberg.replica.Pauses;
import io.twinberg.replica.ReplicaFailures;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import io.twinberg.replica.Resyncs;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.reconcile.Targets;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.replicator.settings.ReplicatorSettings;
import io.twinberg.replicator.verify.ReplicaVerifier;
import io.twinberg.wake.EndTime;
import io.twinberg.wake.Wake;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Wires what runs operations in one process, and the threads under it. */
public final class OperationWiring {
  /** People wait for operations; that of another process is found by looking. */
  private static final Duration POLL = Duration.ofSeconds(1);

  /** Who claims is rung, by a request or by the watch. */
  private static final Duration UNRUNG = Duration.ofMinutes(1);

  private final List<Operations> operations = new ArrayList<>();
  private final List<Wake> wakes = new ArrayList<>();
  private final OperationWatch watch;
  private final ExecutorService threads = Executors.newCachedThreadPool(OperationWiring::daemon);
  private final ScheduledExecutorService heartbeats =
      Executors.newSingleThreadScheduledExecutor(OperationWiring::daemon);

  /**
   * Wires; nothing runs before {@link #start}.
   *
   * @param lanes rung when lanes may go on with a replica
   * @param reconcilers rung with the name of a source that is to be looked at
   * @param listener told of replicas that were dropped
   */
  public OperationWiring(
      Database database,
      ReplicatorEnds ends,
      Targets targets,
      ReplicatorSettings settings,
      Clock clock,
      String processId,
      Wake lanes,
      Consumer<String> reconcilers,
      ReplicaListener listener,
      CrashPoints crashPoints) {
    OperationLog log = new OperationLog(database, clock);
    Replicas replicas = new Replicas(database, clock);
    Pauses pauses = new Pauses(database, clock);
    DroppedReplicas dropped = new DroppedReplicas(database, clock);
    TargetedReplicas targeted = new TargetedReplicas(database);
    VerifyWork verify =
        new VerifyWork(
            replicas,
            new SourceTables(database, clock),
            targeted,
            ends,
            new ReplicaVerifier(new MetadataFiles(settings.metadataLimitInBytes()), clock));
    Duration lease = settings.lanes().lease();
    OperationWorks works =
        new OperationWorks(
            verify,
            new RetryWork(new ReplicaFailures(database, clock), targeted, lanes),
            new PauseWork(pauses, targeted, new Leases(database), processId, lanes),
            new RefreshWork(
                new Sources(database),
                new SourceTables(database, clock),
                new TableChecks(database, clock),
                reconcilers,
                RefreshWork.PATIENCE,
                clock),
            new ResyncWork(new Resyncs(database, clock), replicas, targeted, lanes),
            plan(database, ends, targets, settings, clock),
            new DropWork(
                dropped,
                replicas,
                ends.destinations().stream()
                    .collect(
                        Collectors.toMap(ReplicatorEnds.Destination::name, Function.identity())),
                new DroppedFiles(dropped, pauses, threads, clock, crashPoints),
                listener,
                crashPoints));
    Map<OperationKind, Wake> claimants = new EnumMap<>(OperationKind.class);
    for (OperationQueue queue : OperationQueue.values()) {
      Wake wake = new Wake();
      wakes.add(wake);
      kinds(queue).forEach(kind -> claimants.put(kind, wake));
      OperationRunner runner = new OperationRunner(log, works, lease, heartbeats, wake);
      operations.add(
          new Operations(log, runner, kinds(queue), processId, lease, UNRUNG, threads, wake));
    }
    this.watch = new OperationWatch(log, claimants, POLL);
  }

  private static List<OperationKind> kinds(OperationQueue queue) {
    return Stream.of(OperationKind.values()).filter(kind -> kind.queue() == queue).toList();
  }

  private static PlanWork plan(
      Database database,
      ReplicatorEnds ends,
      Targets targets,
      ReplicatorSettings settings,
      Clock clock) {
    SourceTables tables = new SourceTables(database, clock);
    Replicas replicas = new Replicas(database, clock);
    return new PlanWork(
        ends,
        targets,
        tables,
        new PlannedReplicas(replicas, tables),
        new ReplicaForecast(
            replicas,
            new Ledger(database),
            new MetadataFiles(settings.metadataLimitInBytes()),
            clock),
        settings.requestsPerSecond());
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "replicator-operation");
    thread.setDaemon(true);
    return thread;
  }

  /** Starts claiming operations. */
  public void start() {
    operations.forEach(threads::execute);
    threads.execute(watch);
  }

  /** An operation waits. */
  public void signal() {
    wakes.forEach(Wake::signal);
  }

  /** Tells what runs to end. */
  public void end() {
    watch.end();
    wakes.forEach(Wake::end);
    threads.shutdown();
  }

  /** Waits for what runs to be given back. */
  public void handBack(EndTime end) {
    end.await(threads);
    heartbeats.shutdown();
  }
}
