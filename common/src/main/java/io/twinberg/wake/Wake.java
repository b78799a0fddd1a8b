package io.twinberg.wake;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A bell for one loop: it goes on when the bell rings, a ring while it is busy is not lost, and the
 * bell also tells it to end. Loops that use the database are ended this way and never by an
 * interrupt, which would close H2's file.
 */
public final class Wake {
  private final Semaphore rung = new Semaphore(0);
  private volatile boolean ended;

  /** Rings. */
  public void signal() {
    rung.release();
  }

  /** Tells the loop to end. */
  public void end() {
    ended = true;
    signal();
  }

  /** Whether the loop has been told to end. */
  public boolean ended() {
    return ended;
  }

  /**
   * Does something again and again until told to end, with a wait for a ring in between, of at most
   * {@code longest}.
   */
  public void repeat(Duration longest, Runnable task) {
    try {
      while (!ended) {
        task.run();
        await(longest);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits for a ring, at most for {@code longest}; many rings before count as one. Returns whether
   * it rang.
   */
  public boolean await(Duration longest) throws InterruptedException {
    boolean rang = !ended && rung.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS);
    if (rang) {
      rung.drainPermits();
    }
    return rang;
  }
}
