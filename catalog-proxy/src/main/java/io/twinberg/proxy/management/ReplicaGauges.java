package io.twinberg.proxy.management;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.status.CatalogStatuses;
import io.twinberg.status.DestinationFacts;
import io.twinberg.status.ReplicaState;
import io.twinberg.status.SourceFacts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gauges of lags and states. A scrape reads the database at most every five seconds, whoever
 * scrapes; while the database is away the gauges have no number.
 */
public final class ReplicaGauges {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaGauges.class);
  private static final Duration KEPT = Duration.ofSeconds(5);

  private record Reading(Instant at, Map<String, DestinationFacts> destinations, double intents) {}

  private final CatalogStatuses statuses;
  private final Clock clock;
  private Optional<Reading> last = Optional.empty();

  private ReplicaGauges(CatalogStatuses statuses, Clock clock) {
    this.statuses = statuses;
    this.clock = clock;
  }

  /** Registers the gauges of all destinations. */
  public static void register(
      MeterRegistry registry, CatalogStatuses statuses, ManagedCatalogs catalogs, Clock clock) {
    ReplicaGauges gauges = new ReplicaGauges(statuses, clock);
    catalogs.destinationNames().forEach(name -> gauges.register(registry, name));
    Gauge.builder("intents_open", gauges, all -> all.reading().intents())
        .description("Commits whose outcome is not in the log yet.")
        .strongReference(true)
        .register(registry);
  }

  private void register(MeterRegistry registry, String destination) {
    gauge("replica_lag_seconds", destination, facts -> StatusJson.seconds(facts.maxLag()))
        .description("The age of the oldest commit that a replica of the destination lacks.")
        .register(registry);
    gauge("replica_pending_versions", destination, DestinationFacts::pendingVersions)
        .description("The versions that wait to be applied at the destination.")
        .register(registry);
    // No counter: rows of the log go after its retention.
    gauge("groups_split", destination, DestinationFacts::groupsSplit)
        .description("The transactions in the log that the destination showed table by table.")
        .register(registry);
    for (ReplicaState state : ReplicaState.values()) {
      gauge("replicas", destination, facts -> facts.replicas().getOrDefault(state, 0L))
          .tag("state", state.word())
          .description("How many replicas stand in the state.")
          .register(registry);
    }
  }

  private Gauge.Builder<ReplicaGauges> gauge(
      String name, String destination, ToDoubleFunction<DestinationFacts> value) {
    return Gauge.builder(name, this, gauges -> gauges.value(destination, value))
        .tag("destination", destination)
        .strongReference(true);
  }

  private double value(String destination, ToDoubleFunction<DestinationFacts> value) {
    Reading reading = reading();
    if (Double.isNaN(reading.intents())) {
      return Double.NaN;
    }
    return value.applyAsDouble(
        reading.destinations().getOrDefault(destination, DestinationFacts.none(destination)));
  }

  private synchronized Reading reading() {
    Instant now = clock.instant();
    Reading reading =
        last.filter(kept -> now.isBefore(kept.at().plus(KEPT))).orElseGet(() -> read(now));
    last = Optional.of(reading);
    return reading;
  }

  private Reading read(Instant now) {
    try {
      Map<String, DestinationFacts> destinations =
          statuses.destinations().stream()
              .collect(Collectors.toMap(DestinationFacts::destination, Function.identity()));
      double intents = statuses.sources().stream().mapToLong(SourceFacts::openIntents).sum();
      return new Reading(now, destinations, intents);
    } catch (RuntimeException e) {
      LOG.warn("cannot read the gauges of replicas: {}", e.toString());
      return new Reading(now, Map.of(), Double.NaN);
    }
  }
}
