package io.twinberg.command.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long commits took from the source's answer until the replica showed them. */
final class Lags {
  private final List<Duration> lags = new ArrayList<>();

  void add(Duration lag) {
    lags.add(lag);
  }

  /** The lag that a fraction of the commits did not exceed. */
  Duration percentile(double fraction) {
    List<Duration> sorted = new ArrayList<>(lags);
    Collections.sort(sorted);
    int index = (int) Math.ceil(fraction * sorted.size()) - 1;
    return sorted.get(Math.max(0, index));
  }

  int count() {
    return lags.size();
  }
}
