package io.twinberg.replicator.reconcile;

import io.twinberg.database.FarTimes;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has far times brought back when a clock was set back: at once where it is seen here, and from
 * time to time for what happened while no process ran or to another one's clock. It takes a look at
 * all replicas.
 */
final class FarTimesWatch {
  private static final Logger LOG = LoggerFactory.getLogger(FarTimesWatch.class);
  private static final Duration DATABASE_EVERY = Duration.ofSeconds(10);
  private static final Duration UNSEEN_EVERY = Duration.ofMinutes(5);

  /** Some time that was read before the clock was set back may be written after a look. */
  private static final Duration UNSETTLED = Duration.ofMinutes(1);

  private static final Duration UNSETTLED_EVERY = Duration.ofSeconds(5);

  private final String source;
  private final FarTimes farTimes;
  private final SetBackClock ours;
  private final SetBackClock databases;
  private final LongSupplier nanoTime;
  private long databaseNanos;
  private long broughtNanos;
  private long backNanos;

  /**
   * A watch over the times of a source.
   *
   * @param ours the clock that most times are set by
   * @param databases the one of leases and claims, which takes a question to read
   */
  FarTimesWatch(
      String source,
      FarTimes farTimes,
      SetBackClock ours,
      SetBackClock databases,
      LongSupplier nanoTime) {
    this.source = source;
    this.farTimes = farTimes;
    this.ours = ours;
    this.databases = databases;
    this.nanoTime = nanoTime;
    this.databaseNanos = nanoTime.getAsLong() - DATABASE_EVERY.toNanos();
    this.broughtNanos = nanoTime.getAsLong() - UNSEEN_EVERY.toNanos();
    this.backNanos = nanoTime.getAsLong() - UNSETTLED.toNanos();
  }

  /** Looks at the clocks, at every turn; whether anything is due now that was put off. */
  boolean step() {
    long now = nanoTime.getAsLong();
    // Both are asked, for each remembers what it has seen: a clock set forward and soon back, too.
    boolean back = ours.wentBack() | databaseWentBack(now);
    backNanos = back ? now : backNanos;
    Duration every = now - backNanos < UNSETTLED.toNanos() ? UNSETTLED_EVERY : UNSEEN_EVERY;
    if (!back && now - broughtNanos < every.toNanos()) {
      return false;
    }
    int moved = farTimes.bringBack(source);
    broughtNanos = now;
    if (moved > 0) {
      LOG.warn(
          "the clock was set back, what was put off is due now source={} times={}", source, moved);
    }
    return moved > 0;
  }

  private boolean databaseWentBack(long now) {
    if (now - databaseNanos < DATABASE_EVERY.toNanos()) {
      return false;
    }
    databaseNanos = now;
    return databases.wentBack();
  }
}
