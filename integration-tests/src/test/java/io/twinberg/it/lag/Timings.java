package io.twinberg.it.lag;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Durations of one kind, and how they are spread. */
final class Timings {
  private final List<Duration> all = new ArrayList<>();

  void add(Duration one) {
    all.add(one);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** What a fraction of the durations did not exceed, in milliseconds. */
  double millis(double fraction) {
    List<Duration> sorted = new ArrayList<>(all);
    Collections.sort(sorted);
    int index = (int) Math.ceil(fraction * sorted.size()) - 1;
    return sorted.get(Math.max(0, index)).toNanos() / 1e6;
  }

  @Override
  public String toString() {
    return "p50 %6.1f ms  p99 %6.1f ms  (%d)".formatted(millis(0.5), millis(0.99), all.size());
  }
}
