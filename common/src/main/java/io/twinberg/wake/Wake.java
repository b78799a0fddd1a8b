package io.twinberg.wake;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A bell: whoever waits goes on when it rings, and a ring while nobody waits is not lost. */
public final class Wake {
  private final Semaphore rung = new Semaphore(0);

  /** Rings. */
  public void signal() {
    rung.release();
  }

  /** Waits for a ring, at most for {@code longest}; many rings before count as one. */
  public void await(Duration longest) throws InterruptedException {
    if (rung.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      rung.drainPermits();
    }
  }
}
