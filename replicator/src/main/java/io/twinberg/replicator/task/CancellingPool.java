package io.twinberg.replicator.task;

import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A pool whose end nobody waits for in vain: what waits and what runs is cancelled, even where a
 * store hangs and does not heed the interrupt.
 */
final class CancellingPool extends ThreadPoolExecutor {
  private final Set<Future<?>> running = ConcurrentHashMap.newKeySet();

  CancellingPool(int threads, BlockingQueue<Runnable> queue, ThreadFactory factory) {
    super(threads, threads, 0, TimeUnit.SECONDS, queue, factory, whenFull());
  }

  /** A full queue makes the caller wait: a manifest of a million files waits here for its turn. */
  private static RejectedExecutionHandler whenFull() {
    return (task, pool) -> {
      try {
        if (!pool.isShutdown()) {
          pool.getQueue().put(task);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RejectedExecutionException("interrupted", e);
      }
      // The pool may have ended after the look and emptied its queue before the put.
      if (pool.isShutdown()) {
        pool.remove(task);
        throw new RejectedExecutionException("shutting down");
      }
    };
  }

  @Override
  protected void beforeExecute(Thread thread, Runnable task) {
    if (task instanceof Future<?> future) {
      running.add(future);
    }
  }

  @Override
  protected void afterExecute(Runnable task, Throwable failure) {
    if (task instanceof Future<?> future) {
      running.remove(future);
    }
  }

  /** Ends the pool: whoever waits for a task hears at once that it was cancelled. */
  void cancelAll() {
    for (Runnable waiting : shutdownNow()) {
      if (waiting instanceof Future<?> future) {
        future.cancel(false);
      }
    }
    running.forEach(future -> future.cancel(true));
  }
}
