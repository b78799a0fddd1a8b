package io.twinberg.replicator.reconcile;

import io.twinberg.database.FarTimes;
import java.time.Duration;
import java.util.List;
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
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration UNSEEN_EVERY = Duration.ofMinutes(5);

  private final String source;
  private final FarTimes farTimes;
  private final List<SetBackClock> clocks;
  private final LongSupplier nanoTime;
  private long watchedNanos;
  private long broughtNanos;

  FarTimesWatch(
      String source, FarTimes farTimes, List<SetBackClock> clocks, LongSupplier nanoTime) {
    this.source = source;
    this.farTimes = farTimes;
    this.clocks = List.copyOf(clocks);
    this.nanoTime = nanoTime;
    this.watchedNanos = nanoTime.getAsLong() - EVERY.toNanos();
    this.broughtNanos = nanoTime.getAsLong() - UNSEEN_EVERY.toNanos();
  }

  /** Looks if it is time; whether anything is due now that was put off. */
  boolean step() {
    if (nanoTime.getAsLong() - watchedNanos < EVERY.toNanos()) {
      return false;
    }
    watchedNanos = nanoTime.getAsLong();
    // All of them are asked, for each remembers what it has seen.
    long back = clocks.stream().filter(SetBackClock::wentBack).count();
    if (back == 0 && watchedNanos - broughtNanos < UNSEEN_EVERY.toNanos()) {
      return false;
    }
    int moved = farTimes.bringBack(source);
    broughtNanos = watchedNanos;
    if (moved > 0) {
      LOG.warn(
          "the clock was set back, what was put off is due now source={} times={}", source, moved);
    }
    return moved > 0;
  }
}
