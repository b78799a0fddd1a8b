package io.twinberg.replicator.operation;

import io.twinberg.operation.Claim;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationKind;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.Outcome;
import io.twinberg.replicator.verify.StoppedException;
import io.twinberg.wake.Wake;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one claimed operation to its end, and keeps the claim meanwhile. */
final class OperationRunner {
  private static final Logger LOG = LoggerFactory.getLogger(OperationRunner.class);

  /** An operation whose replicators keep dying would take down one after the other. */
  private static final int MOST_ATTEMPTS = 5;

  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final OperationLog log;
  private final OperationWorks works;
  private final Duration lease;
  private final ScheduledExecutorService heartbeats;
  private final Wake wake;

  OperationRunner(
      OperationLog log,
      OperationWorks works,
      Duration lease,
      ScheduledExecutorService heartbeats,
      Wake wake) {
    this.log = log;
    this.works = works;
    this.lease = lease;
    this.heartbeats = heartbeats;
    this.wake = wake;
  }

  void run(Claim claim) {
    RunningOperation running = new RunningOperation(claim, wake);
    ScheduledFuture<?> heartbeat =
        heartbeats.scheduleAtFixedRate(
            () -> renew(running), 0, HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    try {
      end(claim, work(running));
    } catch (StoppedException e) {
      stopped(running, e);
    } catch (PutOffException e) {
      log.putOff(claim, e.duration(), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | VirtualMachineError e) {
      LOG.error("operation failed id={}", claim.operation().id(), e);
      failed(claim, e);
    } finally {
      heartbeat.cancel(false);
    }
  }

  /**
   * A drop has perhaps begun, if only that could not be read, and nothing but the operation removes
   * its files.
   */
  private void failed(Claim claim, Throwable why) {
    if (claim.operation().request().kind() == OperationKind.DROP) {
      log.putOff(claim, AGAIN, "it failed unforeseen and is tried again in a minute: " + why);
    } else {
      end(claim, Outcome.failed("it failed unforeseen: " + why));
    }
  }

  private void stopped(RunningOperation running, StoppedException why) {
    Claim claim = running.claim();
    Optional<String> cancelledBy = running.cancelledBy();
    if (cancelledBy.isPresent()) {
      end(claim, Outcome.cancelled(cancelledBy.get()));
    } else {
      LOG.info("operation given back id={}: {}", claim.operation().id(), why.getMessage());
      log.release(claim);
    }
  }

  private void renew(RunningOperation running) {
    try {
      if (!log.renew(running.claim(), lease, running.progress())) {
        running.lose();
      }
      log.cancelledBy(running.claim().operation().id()).ifPresent(running::cancel);
    } catch (RuntimeException e) {
      LOG.warn("claim not renewed id={}: {}", running.claim().operation().id(), e.toString());
    }
  }

  private Outcome work(RunningOperation running) throws InterruptedException {
    Operation operation = running.claim().operation();
    if (operation.attempts() > MOST_ATTEMPTS && !works.mustEnd(operation)) {
      return Outcome.failed(
          "given up: %d replicators began with it and did not come to its end"
              .formatted(MOST_ATTEMPTS));
    }
    return works.run(running);
  }

  private void end(Claim claim, Outcome outcome) {
    if (log.finish(claim, outcome)) {
      LOG.info(
          "operation ended id={} kind={} state={}: {}",
          claim.operation().id(),
          claim.operation().request().kind().word(),
          outcome.state().word(),
          outcome.summary());
    } else {
      LOG.warn("operation was taken over, its outcome is dropped id={}", claim.operation().id());
    }
  }
}
