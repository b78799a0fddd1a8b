package io.twinberg.replicator.reconcile;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.iceberg.catalog.Namespace;

/**
 * When the namespaces of a source are to be asked for their properties again: ever more seldom,
 * since properties hardly ever change. A process that begins asks for all.
 */
final class NamespaceChecks {
  private record Check(int count, Instant next) {}

  private final Map<Namespace, Check> checks = new ConcurrentHashMap<>();
  private final Clock clock;
  private final SweepIntervals intervals;

  NamespaceChecks(Clock clock, SweepIntervals intervals) {
    this.clock = clock;
    this.intervals = intervals;
  }

  boolean due(Namespace namespace) {
    Check last = checks.get(namespace);
    return last == null || !clock.instant().isBefore(last.next());
  }

  void checked(Namespace namespace) {
    checks.compute(namespace, (key, last) -> after(last == null ? 0 : last.count() + 1));
  }

  private Check after(int count) {
    return new Check(count, clock.instant().plus(intervals.after(count)));
  }

  void demand() {
    checks.clear();
  }

  void demand(Predicate<Namespace> touched) {
    checks.keySet().removeIf(touched);
  }

  /** Forgets those that are gone. */
  void retain(Collection<Namespace> present) {
    checks.keySet().retainAll(new HashSet<>(present));
  }
}
