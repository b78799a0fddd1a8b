package io.twinberg.wake;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The moment by which several things that were told to end have to end: whoever waits for one after
 * the other waits no longer for all of them than for the slowest.
 */
public final class EndTime {
  private final long nanos;

  private EndTime(long nanos) {
    this.nanos = nanos;
  }

  /** A moment some time from now on. */
  public static EndTime in(Duration time) {
    return new EndTime(System.nanoTime() + time.toNanos());
  }

  /** How long it is until then, not less than zero. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
  }

  /** Waits for threads that were told to end; whether they have. */
  public boolean await(ExecutorService threads) {
    try {
      return threads.awaitTermination(left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Waits for a thread that was told to end; whether it has. */
  public boolean await(Thread thread) {
    try {
      // Zero would be for ever.
      thread.join(Math.max(1, left().toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }
}
