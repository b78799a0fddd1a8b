package io.twinberg.replicator.lane;

import java.time.Instant;
import java.util.PriorityQueue;

/**
 * When replicas that failed in this process are to be tried again, so that nobody need look for it
 * all the time. Only a help: the database has the times, too, and those of other processes.
 */
final class AttemptTimes {
  static final int MOST = 10_000;

  private final PriorityQueue<Instant> times = new PriorityQueue<>();

  /** A replica is to be tried again then. */
  synchronized void add(Instant time) {
    if (times.size() < MOST) {
      times.add(time);
    }
  }

  /** Whether it is time for any of them, which are forgotten with it. */
  synchronized boolean removeDue(Instant now) {
    boolean due = false;
    while (!times.isEmpty() && !times.peek().isAfter(now)) {
      times.remove();
      due = true;
    }
    return due;
  }
}
