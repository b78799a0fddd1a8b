package io.twinberg.replicator.publish;

import io.twinberg.replica.Ledger;
import io.twinberg.replica.LedgerEntry;
import io.twinberg.replicator.rewrite.RewrittenDelete;
import io.twinberg.replicator.task.LocalTaskRunner;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The delete files that the ledger vouches for. Tasks ask while they run, and tasks are interrupted
 * when an attempt is given up; the database must never be, since H2 closes its file then. So it is
 * asked by threads of this class, which nobody interrupts.
 */
final class VouchedDeletes {
  private static final int THREADS = 2;
  private static final long IDLE_SECONDS = 10;

  private final Ledger ledger;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          // As long as the manifests under way at most, since each waits for its answer.
          new LinkedBlockingQueue<>(),
          VouchedDeletes::daemon);

  VouchedDeletes(Ledger ledger) {
    this.ledger = ledger;
    threads.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "replicator-ledger");
    thread.setDaemon(true);
    return thread;
  }

  /** Those of the source paths that the replica has, with their targets. */
  Map<String, RewrittenDelete> find(Attempt attempt, Collection<String> sourcePaths)
      throws InterruptedException {
    try {
      return threads.submit(() -> found(attempt, sourcePaths)).get();
    } catch (ExecutionException e) {
      throw LocalTaskRunner.unwrap(e);
    }
  }

  private Map<String, RewrittenDelete> found(Attempt attempt, Collection<String> sourcePaths) {
    Map<String, RewrittenDelete> found = new HashMap<>();
    for (LedgerEntry entry : ledger.find(attempt.replica().id(), sourcePaths).values()) {
      if (entry.kind() == LedgerEntry.Kind.DELETE_FILE) {
        found.put(
            entry.sourcePath(),
            new RewrittenDelete(entry.targetPath(), entry.length(), entry.paths()));
      }
    }
    return found;
  }
}
