package io.twinberg.proxy.management;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.replica.ErrorCode;
import io.twinberg.replica.FailureCounts;
import io.twinberg.status.LagHistory;
import java.util.function.ToLongFunction;

/**
 * The counters that are read from the database, since what they count happens in replicators, which
 * need not have a management listener. Every process shows the same of them, but for late versions,
 * which each counts since its own start; while the database is away they stay where they were.
 */
public final class KeptCounters {
  private final GaugeReadings readings;

  private KeptCounters(GaugeReadings readings) {
    this.readings = readings;
  }

  /** Registers the counters of all sources and destinations. */
  public static void register(
      MeterRegistry registry, GaugeReadings readings, LagHistory lags, ManagedCatalogs catalogs) {
    KeptCounters counters = new KeptCounters(readings);
    for (String source : catalogs.sourceNames()) {
      counters
          .counter("bypass.versions", now -> now.bypassVersions().getOrDefault(source, 0L))
          .tag("source", source)
          .description(
              "Versions that were found in the source's chain and that no intent explains.")
          .register(registry);
      counters
          .counter("source.went.back", now -> now.timesWentBack().getOrDefault(source, 0L))
          .tag("source", source)
          .description("Tables whose history went back, each time it did.")
          .register(registry);
    }
    for (String destination : catalogs.destinationNames()) {
      counters
          .counter("verify.violations", now -> now.violations().getOrDefault(destination, 0L))
          .tag("destination", destination)
          .description("What verify operations have found to be wrong.")
          .register(registry);
      counters.failures(registry, destination);
      lags.objective(destination).ifPresent(objective -> counters.late(registry, destination));
    }
  }

  private void failures(MeterRegistry registry, String destination) {
    for (ErrorCode code : ErrorCode.values()) {
      FailureCounts.Reason reason = new FailureCounts.Reason(destination, code.name());
      counter("replica.failures", now -> now.failures().getOrDefault(reason, 0L))
          .tag("destination", destination)
          .tag("code", code.name())
          .description("Attempts on replicas that have failed for the reason.")
          .register(registry);
    }
  }

  private void late(MeterRegistry registry, String destination) {
    counter("replicated.late", now -> now.late().getOrDefault(destination, 0L))
        .tag("destination", destination)
        .description("Versions that became readable later than the objective.")
        .register(registry);
  }

  /** The function holds on to the readings, to which the counter itself has a weak reference. */
  private FunctionCounter.Builder<GaugeReadings> counter(
      String metric, ToLongFunction<GaugeReadings.Reading> value) {
    return FunctionCounter.builder(
        metric,
        readings,
        same -> readings.known().map(value::applyAsLong).map(Long::doubleValue).orElse(Double.NaN));
  }
}
