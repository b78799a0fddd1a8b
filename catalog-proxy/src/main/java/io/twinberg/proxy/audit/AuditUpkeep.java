package io.twinberg.proxy.audit;

import io.twinberg.audit.AuditScope;
import io.twinberg.audit.BegunActions;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the audit does once a minute: it writes what was refused, and ends what nobody else will.
 */
public final class AuditUpkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditUpkeep.class);

  private final RefusedCalls refused;
  private final ActionEnds ends;
  private final BegunActions begun;
  private final BiFunction<String, String, AuditScope> scopes;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "audit");
            thread.setDaemon(true);
            return thread;
          });

  private Optional<Future<?>> running = Optional.empty();

  /**
   * The upkeep of one process, not started yet.
   *
   * @param scopes what an action that nobody ended names by itself and its subject
   */
  public AuditUpkeep(
      RefusedCalls refused,
      ActionEnds ends,
      BegunActions begun,
      BiFunction<String, String, AuditScope> scopes) {
    this.refused = refused;
    this.ends = ends;
    this.begun = begun;
    this.scopes = scopes;
  }

  /** Starts to do it. */
  public void start() {
    running = Optional.of(timer.scheduleWithFixedDelay(this::run, 1, 1, TimeUnit.MINUTES));
  }

  private void run() {
    try {
      refused.write();
      // First: what this process knows is not to be given up.
      writeEnds();
      begun.giveUp(scopes);
    } catch (RuntimeException e) {
      LOG.warn("the audit's upkeep failed, and is tried again in a minute: {}", e.toString());
    }
  }

  /** Writes what is left. Nobody is interrupted, for that would close H2's file. */
  @Override
  public void close() {
    running.ifPresent(future -> future.cancel(false));
    timer.shutdown();
    try {
      if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("the audit is still being written to");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    refused.write();
    writeEnds();
  }

  private void writeEnds() {
    try {
      ends.retry();
    } catch (RuntimeException e) {
      LOG.warn("how some actions ended is not recorded yet: {}", e.toString());
    }
  }
}
