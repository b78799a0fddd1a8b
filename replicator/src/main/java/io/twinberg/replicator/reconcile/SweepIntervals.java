package io.twinberg.replicator.reconcile;

import java.time.Duration;

/**
 * How long a sweep waits for its next look at one thing: an unchanged one's interval doubles up to
 * a quarter of an hour.
 */
record SweepIntervals(Duration first) {
  static final Duration LONGEST = Duration.ofMinutes(15);

  Duration after(int unchangedChecks) {
    Duration wait = first.multipliedBy(1L << Math.min(unchangedChecks, 10));
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
