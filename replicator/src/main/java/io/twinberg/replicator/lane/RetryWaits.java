package io.twinberg.replicator.lane;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a replica waits after failures in a row: twice as long each time, up to a longest wait.
 * Each is drawn from between half and the whole of that, so that all the replicas which one store
 * has held up do not come back to it together.
 */
final class RetryWaits {
  private static final int MOST_DOUBLINGS = 20;

  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;

  /**
   * Draws waits.
   *
   * @param random may be used by several threads
   */
  RetryWaits(Duration first, Duration longest, RandomGenerator random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
  }

  /** The wait after a failure that others came before. */
  Duration after(int failuresBefore) {
    Duration wait = first.multipliedBy(1L << Math.min(failuresBefore, MOST_DOUBLINGS));
    return drawn(wait.compareTo(longest) > 0 ? longest : wait);
  }

  /** A wait from half to the whole of one. */
  Duration drawn(Duration whole) {
    long millis = whole.toMillis();
    return Duration.ofMillis(millis - random.nextLong(millis / 2 + 1));
  }
}
