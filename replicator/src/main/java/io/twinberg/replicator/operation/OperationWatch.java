package io.twinberg.replicator.operation;

import io.twinberg.operation.OperationKind;
import io.twinberg.operation.OperationLog;
import io.twinberg.wake.Wake;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time whether an operation may be claimed, and rings whoever claims its kind:
 * one that another process was asked for, was put off until now, or was left by its process. One
 * look does for all queues.
 */
final class OperationWatch implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(OperationWatch.class);

  private final OperationLog log;
  private final Map<OperationKind, Wake> claimants;
  private final Duration poll;
  private final Wake bell = new Wake();

  OperationWatch(OperationLog log, Map<OperationKind, Wake> claimants, Duration poll) {
    this.log = log;
    this.claimants = Map.copyOf(claimants);
    this.poll = poll;
  }

  @Override
  public void run() {
    bell.repeat(poll, this::look);
  }

  /** One look. */
  void look() {
    try {
      log.claimable().stream().map(claimants::get).distinct().forEach(Wake::signal);
    } catch (RuntimeException e) {
      LOG.error("operations not looked for, tried again", e);
    }
  }

  void end() {
    bell.end();
  }
}
