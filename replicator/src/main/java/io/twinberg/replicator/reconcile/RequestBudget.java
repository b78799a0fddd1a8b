package io.twinberg.replicator.reconcile;

import dev.failsafe.RateLimiter;
import java.time.Duration;

/** Spreads the requests of sweeps, so that they stay below a rate per source. */
final class RequestBudget {
  private final RateLimiter<Object> limiter;

  RequestBudget(int requestsPerSecond) {
    this.limiter = RateLimiter.burstyBuilder(requestsPerSecond, Duration.ofSeconds(1)).build();
  }

  /** Waits for the right to send one request. */
  void take() {
    try {
      limiter.acquirePermit();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
