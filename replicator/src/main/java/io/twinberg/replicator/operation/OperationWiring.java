package io.twinberg.replicator.operation;

import io.twinberg.database.Database;
import io.twinberg.log.SourceTables;
import io.twinberg.log.Sources;
import io.twinberg.operation.OperationKind;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.TargetedReplicas;
import io.twinberg.replica.Leases;
import io.twinberg.replica.Pauses;
import io.twinberg.replica.Replicas;
import io.twinberg.replica.Resyncs;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.replicator.settings.ReplicatorSettings;
import io.twinberg.replicator.verify.ReplicaVerifier;
import io.twinberg.wake.Wake;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Wires what runs operations in one process, and the threads under it. */
public final class OperationWiring implements AutoCloseable {
  /** People wait for operations; that of another process is found by looking. */
  private static final Duration POLL = Duration.ofSeconds(1);

  /** A pause must not wait behind verifications that take hours. */
  private final Map<Boolean, List<OperationKind>> kinds =
      Stream.of(OperationKind.values()).collect(Collectors.partitioningBy(OperationKind::isLong));

  private final List<Operations> operations;
  private final List<Wake> wakes = List.of(new Wake(), new Wake());
  private final ExecutorService threads = Executors.newCachedThreadPool(OperationWiring::daemon);
  private final ScheduledExecutorService heartbeats =
      Executors.newSingleThreadScheduledExecutor(OperationWiring::daemon);

  /**
   * Wires; nothing runs before {@link #start}.
   *
   * @param lanes rung when lanes may go on with a replica
   * @param reconcilers rung with the name of a source that is to be looked at
   */
  public OperationWiring(
      Database database,
      ReplicatorEnds ends,
      ReplicatorSettings settings,
      Clock clock,
      String processId,
      Wake lanes,
      Consumer<String> reconcilers) {
    OperationLog log = new OperationLog(database, clock);
    Replicas replicas = new Replicas(database, clock);
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
            new RetryWork(replicas, targeted, lanes),
            new PauseWork(
                new Pauses(database, clock), targeted, new Leases(database), processId, lanes),
            new RefreshWork(
                new Sources(database), new SourceTables(database, clock), reconcilers, clock),
            new ResyncWork(new Resyncs(database, clock), replicas, targeted, lanes));
    OperationRunner runner = new OperationRunner(log, works, lease, heartbeats, wakes.get(0));
    this.operations =
        List.of(
            new Operations(
                log, runner, kinds.get(true), processId, lease, POLL, threads, wakes.get(0)),
            new Operations(
                log, runner, kinds.get(false), processId, lease, POLL, threads, wakes.get(1)));
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "replicator-operation");
    thread.setDaemon(true);
    return thread;
  }

  /** Starts claiming operations. */
  public void start() {
    operations.forEach(threads::execute);
  }

  /** An operation waits. */
  public void signal() {
    wakes.forEach(Wake::signal);
  }

  /** Gives back what runs, and ends. */
  @Override
  public void close() {
    wakes.forEach(Wake::end);
    threads.shutdown();
    try {
      threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    heartbeats.shutdown();
  }
}
