package io.twinberg.status;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How often the tables of sources are checked: {@code first} after a change, twice as long after
 * each check that found nothing, never longer than {@code longest}.
 */
public record CheckIntervals(Duration first, Duration longest) {
  /** Refuses intervals that do not make a growing row. */
  public CheckIntervals {
    if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("no check intervals: " + first + " to " + longest);
    }
  }

  /**
   * The interval after 0, 1, 2, … checks that found nothing; the last one holds for all that
   * follow.
   */
  List<Duration> steps() {
    List<Duration> steps = new ArrayList<>();
    Duration step = first;
    while (step.compareTo(longest) < 0) {
      steps.add(step);
      step = step.multipliedBy(2);
    }
    steps.add(longest);
    return List.copyOf(steps);
  }
}
