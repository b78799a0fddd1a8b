package io.twinberg.database;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what many threads want to write in one transaction: a database that syncs its file for
 * each transaction takes hardly longer for ten of them at once. Who comes while one is written
 * waits, and is written with all who came meanwhile; nobody waits for others to come.
 */
final class GroupCommit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  /** So that nobody waits for an ever longer transaction. */
  private static final int MOST = 64;

  private final Jdbi jdbi;
  private final LinkedBlockingQueue<Work<?>> waiting = new LinkedBlockingQueue<>();

  /** One thread that writes, so that those who waited need not take turns once they are done. */
  private final ExecutorService writing =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "group-commit");
            thread.setDaemon(true);
            return thread;
          });

  GroupCommit(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Runs statements and returns once they are durable; what they throw undoes them alone. */
  <T> T inTransaction(Function<Handle, T> statements) {
    Work<T> work = new Work<>(statements);
    waiting.add(work);
    try {
      writing.execute(this::write);
    } catch (RejectedExecutionException e) {
      if (waiting.remove(work)) {
        // The database says best that it is closed.
        return jdbi.inTransaction(statements::apply);
      }
      // The last ones to be written have taken it along.
    }
    return work.result();
  }

  /** How many wait, one that is being written not among them. */
  int waiting() {
    return waiting.size();
  }

  /** Writes what waits; nothing is taken any more. */
  @Override
  public void close() {
    writing.shutdown();
    try {
      if (!writing.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("the database is closed while something is still being written to it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    List<Work<?>> group = new ArrayList<>();
    waiting.drainTo(group, MOST);
    if (!group.isEmpty() && !together(group)) {
      group.forEach(work -> together(List.of(work)));
    }
  }

  /**
   * Writes a group; false when the statements of one of several failed, which has undone them all.
   * A failure of the transaction itself is told to everybody: it may be durable all the same, so
   * nothing of it is written again.
   */
  private boolean together(List<Work<?>> group) {
    try {
      jdbi.useTransaction(handle -> group.forEach(work -> work.run(handle)));
      group.forEach(work -> work.end(null));
    } catch (StatementsException e) {
      if (group.size() > 1) {
        return false;
      }
      group.get(0).end(e.failure);
    } catch (RuntimeException | Error e) {
      group.forEach(work -> work.end(e));
    }
    return true;
  }

  /** The failure of somebody's statements, told from one of the transaction around them. */
  private static final class StatementsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RuntimeException failure;

    StatementsException(RuntimeException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  /** What one thread wants to write. */
  private static final class Work<T> {
    private final Function<Handle, T> statements;
    private final CompletableFuture<T> end = new CompletableFuture<>();
    private @Nullable T result;

    Work(Function<Handle, T> statements) {
      this.statements = statements;
    }

    void run(Handle handle) {
      try {
        result = statements.apply(handle);
      } catch (RuntimeException e) {
        throw new StatementsException(e);
      }
    }

    void end(@Nullable Throwable failure) {
      if (failure == null) {
        end.complete(result);
      } else {
        end.completeExceptionally(failure);
      }
    }

    /** Waits through interrupts: what is being written cannot be called back. */
    T result() {
      try {
        return end.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        if (e.getCause() instanceof Error failure) {
          throw failure;
        }
        throw e;
      }
    }
  }
}
