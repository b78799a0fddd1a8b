package io.twinberg.proxy.management;

import io.twinberg.database.Database;
import io.twinberg.log.Sources;
import io.twinberg.operation.ViolationCounts;
import io.twinberg.replica.FailureCounts;
import io.twinberg.replica.ProgressRows;
import io.twinberg.status.CatalogStatuses;
import io.twinberg.status.DestinationFacts;
import io.twinberg.status.LagHistory;
import io.twinberg.status.SourceFacts;
import io.twinberg.status.Trouble;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What gauges and counters show of the database, read at most every five seconds, whoever scrapes.
 */
public final class GaugeReadings {
  private static final Logger LOG = LoggerFactory.getLogger(GaugeReadings.class);
  private static final Duration KEPT = Duration.ofSeconds(5);

  /** What the database held at one moment. */
  record Reading(
      Instant at,
      Map<String, SourceFacts> sources,
      Map<String, DestinationFacts> destinations,
      List<Trouble> troubles,
      Optional<Instant> oldestUnknown,
      long gaps,
      Map<String, Long> bytesLeft,
      Map<String, Long> bypassVersions,
      Map<String, Long> timesWentBack,
      Map<String, Long> violations,
      Map<FailureCounts.Reason, Long> failures,
      Map<String, Long> late) {
    SourceFacts source(String name) {
      return sources.getOrDefault(name, SourceFacts.none(name));
    }

    DestinationFacts destination(String name) {
      return destinations.getOrDefault(name, DestinationFacts.none(name));
    }

    long intents() {
      return sources.values().stream().mapToLong(SourceFacts::openIntents).sum();
    }

    double unknownAge() {
      return oldestUnknown.map(this::age).orElse(0.0);
    }

    double sweepAge(String source) {
      return source(source).oldestCheck().map(this::age).orElse(0.0);
    }

    private double age(Instant since) {
      return Math.max(0, StatusJson.seconds(Duration.between(since, at)));
    }

    long troubled(String destination, Predicate<Trouble> counts) {
      return troubles.stream()
          .filter(one -> one.destination().equals(destination))
          .filter(counts)
          .mapToLong(Trouble::replicas)
          .sum();
    }
  }

  private final CatalogStatuses statuses;
  private final ProgressRows progress;
  private final Sources sources;
  private final ViolationCounts violations;
  private final FailureCounts failures;
  private final LagHistory lags;
  private final Clock clock;
  private Instant readAt = Instant.MIN;
  private Optional<Reading> last = Optional.empty();
  private Optional<Reading> known = Optional.empty();

  /** The readings of one database. */
  public GaugeReadings(CatalogStatuses statuses, LagHistory lags, Database database, Clock clock) {
    this.statuses = statuses;
    this.progress = new ProgressRows(database);
    this.sources = new Sources(database);
    this.violations = new ViolationCounts(database);
    this.failures = new FailureCounts(database);
    this.lags = lags;
    this.clock = clock;
  }

  /** The last reading; empty while the database is away. */
  synchronized Optional<Reading> now() {
    Instant now = clock.instant();
    if (!now.isBefore(readAt.plus(KEPT)) || now.isBefore(readAt)) {
      last = read(now);
      known = last.or(() -> known);
      // After the reading: one that fails takes as long as it is to count for.
      readAt = clock.instant();
    }
    return last;
  }

  /** The last reading that succeeded, for what only ever grows. */
  synchronized Optional<Reading> known() {
    now();
    return known;
  }

  private Optional<Reading> read(Instant now) {
    try {
      return Optional.of(
          new Reading(
              now,
              byName(statuses.sources(), SourceFacts::source),
              byName(statuses.destinations(), DestinationFacts::destination),
              statuses.troubles(),
              statuses.oldestUnknownIntent(),
              statuses.gaps(),
              progress.bytesLeft(),
              sources.bypassVersions(),
              sources.timesWentBack(),
              violations.byDestination(),
              failures.byReason(),
              lags.late()));
    } catch (RuntimeException e) {
      LOG.warn("cannot read the gauges of replicas: {}", e.toString());
      return Optional.empty();
    }
  }

  private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
    return all.stream().collect(Collectors.toMap(name, Function.identity()));
  }
}
