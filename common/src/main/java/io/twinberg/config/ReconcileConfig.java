package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.Schema;
import java.time.Duration;

/**
 * How often and how fast sources are read.
 *
 * @param interval the time between two sweeps of a source
 * @param requestsPerSecond the budget of sweeps at each source
 * @param settle how long a commit with an unknown outcome may still turn up at the source
 */
public record ReconcileConfig(Duration interval, int requestsPerSecond, Duration settle) {
  private static final Key<ReconcileConfig, Duration> INTERVAL =
      Key.of("interval", Types.DURATION, "60s", ReconcileConfig::interval);
  private static final Key<ReconcileConfig, Integer> REQUESTS_PER_SECOND =
      Key.of("requests-per-second", Types.COUNT, "20", ReconcileConfig::requestsPerSecond);
  private static final Key<ReconcileConfig, Duration> SETTLE =
      Key.of("settle", Types.DURATION, "15m", ReconcileConfig::settle);

  static final Schema<ReconcileConfig> SCHEMA =
      new Schema<>(
          section ->
              new ReconcileConfig(
                  section.get(INTERVAL), section.get(REQUESTS_PER_SECOND), section.get(SETTLE)),
          INTERVAL,
          REQUESTS_PER_SECOND,
          SETTLE);
}
