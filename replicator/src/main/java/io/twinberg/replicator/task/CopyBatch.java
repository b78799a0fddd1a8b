package io.twinberg.replicator.task;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Copies that belong together: counted, not held, so that a million of them take no memory. */
final class CopyBatch {
  /** Runs one copy and returns how many bytes it wrote. */
  interface Copy {
    long run();
  }

  private final Executor executor;
  // Guarded by this.
  private long underWay;
  private long files;
  private long bytes;
  private @Nullable Throwable failure;

  CopyBatch(Executor executor) {
    this.executor = executor;
  }

  /** Starts a copy, unless one has failed: then there is no use in going on. */
  void start(Copy copy) {
    synchronized (this) {
      rethrowFailure();
      underWay++;
    }
    try {
      executor.execute(new Started(copy));
    } catch (RuntimeException e) {
      finished(0, e);
      throw e;
    }
  }

  /** A copy in the pool; the pool's end may cancel it before it has run. */
  private final class Started extends FutureTask<Long> {
    Started(Copy copy) {
      super(copy::run);
    }

    @Override
    protected void done() {
      try {
        finished(get(), null);
      } catch (ExecutionException e) {
        finished(0, e.getCause());
      } catch (CancellationException | InterruptedException e) {
        finished(0, new CancellationException("shutting down"));
      }
    }
  }

  private synchronized void finished(long copied, @Nullable Throwable problem) {
    underWay--;
    if (problem == null) {
      files++;
      bytes += copied;
    } else if (failure == null) {
      failure = problem;
    }
    notifyAll();
  }

  /** Waits for all copies and throws what the first failed one threw. */
  synchronized void await() throws InterruptedException {
    while (underWay > 0) {
      wait();
    }
    rethrowFailure();
  }

  private void rethrowFailure() {
    if (failure instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (failure instanceof Error error) {
      throw error;
    }
  }

  synchronized long files() {
    return files;
  }

  synchronized long bytes() {
    return bytes;
  }
}
