package io.twinberg.status;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Counts of lags, in steps of a twentieth each: that is as exactly as anybody wants to know a
 * percentile, and a minute takes a few numbers however many versions it saw.
 */
final class LagCounts {
  private static final double STEP = Math.log(1.05);
  private static final double MEDIAN = 0.5;
  private static final double P99 = 0.99;

  private final TreeMap<Integer, Long> counts = new TreeMap<>();
  private long versions;
  private long judged;
  private long within;
  private long files;
  private long bytes;

  void add(Duration lag, Optional<Duration> objective, long addedFiles, long addedBytes) {
    // The source's clock may be ahead of ours.
    long millis = Math.max(0, lag.toMillis());
    counts.merge((int) Math.round(Math.log1p(millis) / STEP), 1L, Long::sum);
    versions++;
    judged += objective.isPresent() ? 1 : 0;
    within += objective.filter(longest -> lag.compareTo(longest) <= 0).isPresent() ? 1 : 0;
    files += addedFiles;
    bytes += addedBytes;
  }

  void add(LagCounts other) {
    other.counts.forEach((step, count) -> counts.merge(step, count, Long::sum));
    versions += other.versions;
    judged += other.judged;
    within += other.within;
    files += other.files;
    bytes += other.bytes;
  }

  LagFigures figures() {
    return new LagFigures(
        versions,
        quantile(MEDIAN),
        quantile(P99),
        files,
        bytes,
        judged > 0 ? OptionalDouble.of((double) within / judged) : OptionalDouble.empty());
  }

  private Duration quantile(double share) {
    long wanted = (long) Math.ceil(share * versions);
    long passed = 0;
    for (Map.Entry<Integer, Long> step : counts.entrySet()) {
      passed += step.getValue();
      if (passed >= wanted) {
        return Duration.ofMillis(Math.round(Math.expm1(step.getKey() * STEP)));
      }
    }
    return Duration.ZERO;
  }
}
