package io.twinberg.replicator.histories;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Leaves operations out of a failing history for as long as it fails. */
final class Shrinking {
  private static final int MOST_RUNS = 300;

  private final Predicate<List<Operation>> fails;
  private int runs;

  Shrinking(Predicate<List<Operation>> fails) {
    this.fails = fails;
  }

  List<Operation> shrink(List<Operation> failing) {
    List<Operation> shortest = failing;
    for (int chunk = Math.max(1, failing.size() / 2); chunk >= 1; chunk /= 2) {
      shortest = without(shortest, chunk);
    }
    return shortest;
  }

  private List<Operation> without(List<Operation> failing, int chunk) {
    List<Operation> shortest = failing;
    for (int from = 0; from < shortest.size() && runs < MOST_RUNS; ) {
      List<Operation> rest = new ArrayList<>(shortest);
      rest.subList(from, Math.min(rest.size(), from + chunk)).clear();
      runs++;
      if (fails.test(rest)) {
        shortest = rest;
      } else {
        from += chunk;
      }
    }
    return shortest;
  }
}
