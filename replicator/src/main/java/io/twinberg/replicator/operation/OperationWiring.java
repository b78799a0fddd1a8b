package io.twinberg.replicator.operation;

import io.twinberg.database.Database;
import io.twinberg.log.SourceTables;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.TargetedReplicas;
import io.twinberg.replica.Replicas;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.replicator.settings.ReplicatorSettings;
import io.twinberg.replicator.verify.ReplicaVerifier;
import io.twinberg.wake.Wake;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Wires what runs operations in one process, and the threads under it. */
public final class OperationWiring implements AutoCloseable {
  /** People wait for operations; that of another process is found by looking. */
  private static final Duration POLL = Duration.ofSeconds(1);

  private final Operations operations;
  private final Wake wake = new Wake();
  private final ExecutorService threads = Executors.newCachedThreadPool(OperationWiring::daemon);
  private final ScheduledExecutorService heartbeats =
      Executors.newSingleThreadScheduledExecutor(OperationWiring::daemon);

  /**
   * Wires; nothing runs before {@link #start}.
   *
   * @param lanes rung when a replica may be tried again
   */
  public OperationWiring(
      Database database,
      ReplicatorEnds ends,
      ReplicatorSettings settings,
      Clock clock,
      String processId,
      Wake lanes) {
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
    OperationRunner runner =
        new OperationRunner(
            log, verify, new RetryWork(replicas, targeted, lanes), lease, heartbeats, wake);
    this.operations = new Operations(log, runner, processId, lease, POLL, threads, wake);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "replicator-operation");
    thread.setDaemon(true);
    return thread;
  }

  /** Starts claiming operations. */
  public void start() {
    threads.execute(operations);
  }

  /** An operation waits. */
  public void signal() {
    wake.signal();
  }

  /** Gives back what runs, and ends. */
  @Override
  public void close() {
    wake.end();
    threads.shutdown();
    try {
      threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    heartbeats.shutdown();
  }
}
