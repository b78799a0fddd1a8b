package io.twinberg.replicator.verify;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Checks manifests on a few threads; whoever hands in more than they bear waits. */
final class ManifestPool implements AutoCloseable {
  private final int places;
  private final Semaphore free;
  private final ExecutorService threads;
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  ManifestPool(int size) {
    this.places = 2 * size;
    this.free = new Semaphore(places);
    this.threads =
        Executors.newFixedThreadPool(
            size,
            task -> {
              Thread thread = new Thread(task, "verify");
              thread.setDaemon(true);
              return thread;
            });
  }

  void submit(Runnable task) throws InterruptedException {
    free.acquire();
    rethrow();
    threads.execute(() -> run(task));
  }

  private void run(Runnable task) {
    try {
      if (failure.get() == null) {
        task.run();
      }
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    } finally {
      free.release();
    }
  }

  /** Waits until all is done, and fails as the first that failed. */
  void finish() throws InterruptedException {
    free.acquire(places);
    free.release(places);
    rethrow();
  }

  private void rethrow() {
    RuntimeException first = failure.get();
    if (first != null) {
      throw first;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
