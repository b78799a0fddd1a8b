package io.twinberg.proxy.management;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.replica.ErrorCode;
import io.twinberg.status.DestinationFacts;
import io.twinberg.status.LagFigures;
import io.twinberg.status.LagHistory;
import io.twinberg.status.ReplicaState;
import io.twinberg.status.Trouble;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The gauges of sources and destinations. Their labels are names of the configuration, states,
 * codes and windows, never tables; while the database is away they have no number.
 */
public final class ReplicaGauges {
  private static final Map<String, Duration> WINDOWS =
      Map.of("1h", Duration.ofHours(1), "1d", Duration.ofDays(1));

  private final MeterRegistry registry;
  private final GaugeReadings readings;
  private final LagHistory lags;

  private ReplicaGauges(MeterRegistry registry, GaugeReadings readings, LagHistory lags) {
    this.registry = registry;
    this.readings = readings;
    this.lags = lags;
  }

  /** Registers the gauges of all sources and destinations. */
  public static void register(
      MeterRegistry registry, GaugeReadings readings, LagHistory lags, ManagedCatalogs catalogs) {
    ReplicaGauges gauges = new ReplicaGauges(registry, readings, lags);
    gauges.log();
    catalogs.sourceNames().forEach(gauges::source);
    catalogs.destinationNames().forEach(gauges::destination);
  }

  private void log() {
    gauge("intents_open", now -> now.intents())
        .description("Commits whose outcome is not in the log yet.")
        .register(registry);
    gauge("intents_unknown_age_seconds", GaugeReadings.Reading::unknownAge)
        .description("The age of the oldest commit whose outcome is unknown; 0 without any.")
        .register(registry);
    gauge("gaps", now -> now.gaps())
        .description("Gaps in the log: versions that could not be replayed.")
        .register(registry);
  }

  private void source(String name) {
    gauge("sweep_age_seconds", now -> now.sweepAge(name))
        .tag("source", name)
        .description("The time since the table was checked that has waited longest for it.")
        .register(registry);
    gauge("source_tables", now -> now.source(name).tables())
        .tag("source", name)
        .description("The active tables that the log knows.")
        .register(registry);
  }

  private void destination(String name) {
    facts("replica_lag_seconds", name, facts -> StatusJson.seconds(facts.replicas().maxLag()))
        .description("The age of the oldest commit that a replica of the destination lacks.")
        .register(registry);
    facts("replica_pending_versions", name, facts -> facts.replicas().pendingVersions())
        .description("The versions that wait to be applied at the destination.")
        .register(registry);
    gauge("replica_pending_bytes", now -> now.bytesLeft().getOrDefault(name, 0L))
        .tag("destination", name)
        .description("The bytes that are left to copy of what is being copied and takes long.")
        .register(registry);
    // No counter: rows of the log go after its retention.
    facts("groups_split", name, DestinationFacts::groupsSplit)
        .description("The transactions in the log that the destination showed table by table.")
        .register(registry);
    for (ReplicaState state : ReplicaState.values()) {
      facts("replicas", name, facts -> facts.replicas().counts().get(state))
          .tag("state", state.word())
          .description("How many replicas stand in the state.")
          .register(registry);
    }
    troubles(name);
    WINDOWS.forEach((window, length) -> lags(name, window, length));
    lags.objective(name)
        .ifPresent(
            objective ->
                gauge("replica_lag_objective_seconds", now -> StatusJson.seconds(objective))
                    .tag("destination", name)
                    .description("How soon versions should be readable at the destination.")
                    .register(registry));
  }

  private void troubles(String name) {
    trouble("replicas_paused", name, Trouble::paused)
        .description("How many replicas are paused.")
        .register(registry);
    trouble("replicas_blocked", name, one -> one.code().isPresent() && one.needsPerson())
        .description("How many replicas have failed and go on only when somebody acts.")
        .register(registry);
    for (ErrorCode code : ErrorCode.values()) {
      trouble("replicas_failed", name, one -> one.code().filter(code::equals).isPresent())
          .tag("code", code.name())
          .description("How many replicas have failed for the reason.")
          .register(registry);
    }
  }

  private void lags(String name, String window, Duration length) {
    figure("replica_publish_lag_seconds", name, window, length, f -> StatusJson.seconds(f.median()))
        .tag("quantile", "0.5")
        .description("What versions took from their commit until they were readable.")
        .register(registry);
    figure("replica_publish_lag_seconds", name, window, length, f -> StatusJson.seconds(f.p99()))
        .tag("quantile", "0.99")
        .description("What versions took from their commit until they were readable.")
        .register(registry);
    figure("replica_published_versions", name, window, length, LagFigures::versions)
        .description("The versions that were published within the window.")
        .register(registry);
    figure("replica_published_bytes", name, window, length, LagFigures::bytes)
        .description("The bytes that were copied or rewritten for them.")
        .register(registry);
    if (lags.objective(name).isPresent()) {
      figure(
              "replica_lag_objective_met_ratio",
              name,
              window,
              length,
              figures -> figures.withinObjective().orElse(Double.NaN))
          .description("The share of versions that were readable within the objective.")
          .register(registry);
    }
  }

  private Gauge.Builder<ReplicaGauges> facts(
      String metric, String destination, ToDoubleFunction<DestinationFacts> value) {
    return gauge(metric, now -> value.applyAsDouble(now.destination(destination)))
        .tag("destination", destination);
  }

  private Gauge.Builder<ReplicaGauges> trouble(
      String metric, String destination, Predicate<Trouble> counts) {
    return gauge(metric, now -> now.troubled(destination, counts)).tag("destination", destination);
  }

  private Gauge.Builder<ReplicaGauges> figure(
      String metric,
      String destination,
      String window,
      Duration length,
      ToDoubleFunction<LagFigures> value) {
    return gauge(metric, now -> value.applyAsDouble(lags.atDestination(destination, length)))
        .tag("destination", destination)
        .tag("window", window);
  }

  private Gauge.Builder<ReplicaGauges> gauge(
      String metric, ToDoubleFunction<GaugeReadings.Reading> value) {
    return Gauge.builder(
            metric,
            this,
            gauges -> gauges.readings.now().map(value::applyAsDouble).orElse(Double.NaN))
        .strongReference(true);
  }
}
