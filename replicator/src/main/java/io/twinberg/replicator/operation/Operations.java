package io.twinberg.replicator.operation;

import io.twinberg.operation.Claim;
import io.twinberg.operation.OperationKind;
import io.twinberg.operation.OperationLog;
import io.twinberg.wake.Wake;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims the operations of some kinds that wait and gives them to a few threads. */
final class Operations implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Operations.class);
  private static final int AT_ONCE = 2;

  private final OperationLog log;
  private final OperationRunner runner;
  private final List<OperationKind> kinds;
  private final String owner;
  private final Duration lease;
  private final Duration poll;
  private final ExecutorService threads;
  private final Wake wake;
  private final Semaphore free = new Semaphore(AT_ONCE);

  Operations(
      OperationLog log,
      OperationRunner runner,
      List<OperationKind> kinds,
      String owner,
      Duration lease,
      Duration poll,
      ExecutorService threads,
      Wake wake) {
    this.log = log;
    this.runner = runner;
    this.kinds = kinds;
    this.owner = owner;
    this.lease = lease;
    this.poll = poll;
    this.threads = threads;
    this.wake = wake;
  }

  @Override
  public void run() {
    while (!wake.ended() && !Thread.currentThread().isInterrupted()) {
      try {
        claimAll();
        wake.await(poll);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void claimAll() throws InterruptedException {
    boolean claimed = true;
    while (claimed && !wake.ended()) {
      free.acquire();
      claimed = claimOne();
    }
  }

  private boolean claimOne() {
    try {
      Optional<Claim> claim = log.claim(owner, lease, kinds);
      claim.ifPresent(one -> threads.execute(() -> run(one)));
      if (claim.isEmpty()) {
        free.release();
      }
      return claim.isPresent();
    } catch (RuntimeException e) {
      free.release();
      if (!wake.ended()) {
        LOG.error("claiming operations failed", e);
      }
      return false;
    }
  }

  private void run(Claim claim) {
    try {
      runner.run(claim);
    } finally {
      free.release();
    }
  }
}
