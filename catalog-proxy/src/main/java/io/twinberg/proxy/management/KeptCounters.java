package io.twinberg.proxy.management;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToLongFunction;

/**
 * The counters that the database keeps, since what they count happens in replicators, which need
 * not have a management listener. Every process shows the same of them; while the database is away
 * they stay where they were.
 */
public final class KeptCounters {
  private final GaugeReadings readings;

  private KeptCounters(GaugeReadings readings) {
    this.readings = readings;
  }

  /** Registers the counters of all sources and destinations. */
  public static void register(
      MeterRegistry registry, GaugeReadings readings, ManagedCatalogs catalogs) {
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
    }
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
