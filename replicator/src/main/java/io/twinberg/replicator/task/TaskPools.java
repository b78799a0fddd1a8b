package io.twinberg.replicator.task;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that all lanes of a process share: one pool for manifests and one for the files under
 * them, so that a manifest that waits for its files never takes the thread that would copy them.
 */
public final class TaskPools implements AutoCloseable {
  private final ExecutorService manifests;
  private final ExecutorService files;

  /**
   * @param manifestThreads how many manifests are rewritten at a time
   * @param fileThreads how many files are copied at a time
   */
  public TaskPools(int manifestThreads, int fileThreads) {
    this.manifests = Executors.newFixedThreadPool(manifestThreads, named("manifest"));
    this.files =
        new ThreadPoolExecutor(
            fileThreads,
            fileThreads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(fileThreads * 4),
            named("file"),
            // The queue is bounded: a manifest of a million files waits here for its turn.
            (task, pool) -> putWhenRoom(task, pool));
  }

  private static void putWhenRoom(Runnable task, ThreadPoolExecutor pool) {
    if (pool.isShutdown()) {
      throw new RejectedExecutionException("shutting down");
    }
    try {
      pool.getQueue().put(task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RejectedExecutionException("interrupted", e);
    }
  }

  private static ThreadFactory named(String kind) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "replicator-" + kind + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  ExecutorService manifests() {
    return manifests;
  }

  ExecutorService files() {
    return files;
  }

  /** Interrupts what still runs, cancels what waits, and waits a little for the threads to end. */
  @Override
  public void close() {
    cancelWaiting(manifests);
    cancelWaiting(files);
    try {
      manifests.awaitTermination(5, TimeUnit.SECONDS);
      files.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Somebody may wait for a task that will never run now. */
  private static void cancelWaiting(ExecutorService pool) {
    for (Runnable waiting : pool.shutdownNow()) {
      if (waiting instanceof Future<?> future) {
        future.cancel(false);
      }
    }
  }
}
