package io.twinberg.replicator.reconcile;

import dev.failsafe.RateLimiter;
import java.time.Duration;

/** Spreads requests to a source, so that they stay below a rate. */
public final class RequestBudget {
  private final RateLimiter<Object> limiter;

  /** A budget of its own. */
  public RequestBudget(int requestsPerSecond) {
    this.limiter = RateLimiter.burstyBuilder(requestsPerSecond, Duration.ofSeconds(1)).build();
  }

  /** Waits for the right to send one request. */
  public void take() {
    try {
      limiter.acquirePermit();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
