package io.twinberg.status;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The lags of several catalogs of one kind, minute by minute; used under the lock of its owner. */
final class LagMinutes {
  private static final long MINUTE = 60;

  private final Map<String, NavigableMap<Long, LagCounts>> minutes = new HashMap<>();

  /** The counts of the minute in which something of a catalog was published. */
  LagCounts at(String catalog, Instant published) {
    return minutes
        .computeIfAbsent(catalog, name -> new TreeMap<>())
        .computeIfAbsent(minute(published), minute -> new LagCounts());
  }

  /** The figures of a catalog since a minute. */
  LagFigures since(String catalog, Instant from) {
    LagCounts sum = new LagCounts();
    minutes
        .getOrDefault(catalog, new TreeMap<>())
        .tailMap(minute(from), false)
        .values()
        .forEach(sum::add);
    return sum.figures();
  }

  /** Forgets what was published up to a minute. */
  void forget(Instant until) {
    minutes.values().forEach(all -> all.headMap(minute(until), true).clear());
  }

  private static long minute(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), MINUTE);
  }
}
