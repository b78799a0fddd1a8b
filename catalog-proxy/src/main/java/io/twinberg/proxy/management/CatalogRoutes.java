package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.twinberg.status.CatalogStatuses;
import io.twinberg.status.DestinationFacts;
import io.twinberg.status.LagFigures;
import io.twinberg.status.LagHistory;
import io.twinberg.status.ReplicaSums;
import io.twinberg.status.SourceFacts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What there is to know of the configured sources and destinations; never their settings. */
public final class CatalogRoutes implements ManagedRoutes {
  static final String SOURCES = "/management/v1/sources";
  static final String DESTINATIONS = "/management/v1/destinations";

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final CatalogStatuses statuses;
  private final LagHistory lags;
  private final ManagedCatalogs catalogs;
  private final Clock clock;

  /** The routes over what the database knows of the configured catalogs. */
  public CatalogRoutes(
      CatalogStatuses statuses, LagHistory lags, ManagedCatalogs catalogs, Clock clock) {
    this.statuses = statuses;
    this.lags = lags;
    this.catalogs = catalogs;
    this.clock = clock;
  }

  @Override
  public List<ManagedRoute> routes() {
    return List.of(
        ManagedRoute.get(SOURCES, this::sources),
        ManagedRoute.get(DESTINATIONS, this::destinations));
  }

  private void sources(Context context) {
    CallQuery.none(context);
    Map<String, SourceFacts> facts =
        statuses.sources().stream()
            .collect(Collectors.toMap(SourceFacts::source, Function.identity()));
    ObjectNode body = StatusJson.object();
    ArrayNode array = body.putArray("sources");
    for (NamedCatalog source : catalogs.sources()) {
      String name = source.name();
      array.add(source(source, facts.getOrDefault(name, SourceFacts.none(name))));
    }
    Answers.json(context, body);
  }

  private ObjectNode source(NamedCatalog source, SourceFacts facts) {
    ObjectNode body = StatusJson.object();
    body.put("name", source.name())
        .put("kind", source.kind())
        .put("tables", facts.tables())
        .put("uncheckedTables", facts.uncheckedTables())
        .put("oldestCheck", StatusJson.instant(facts.oldestCheck()))
        .put("sweepAge", facts.oldestCheck().map(this::seconds).orElse(null));
    body.put("openIntents", facts.openIntents());
    putSums(body, facts.replicas());
    body.set("published", published(window -> lags.ofSource(source.name(), window)));
    return body;
  }

  private double seconds(Instant since) {
    Duration age = Duration.between(since, clock.instant());
    return StatusJson.seconds(age.isNegative() ? Duration.ZERO : age);
  }

  private void destinations(Context context) {
    CallQuery.none(context);
    Map<String, DestinationFacts> facts =
        statuses.destinations().stream()
            .collect(Collectors.toMap(DestinationFacts::destination, Function.identity()));
    ObjectNode body = StatusJson.object();
    ArrayNode array = body.putArray("destinations");
    for (NamedCatalog destination : catalogs.destinations()) {
      String name = destination.name();
      array.add(destination(destination, facts.getOrDefault(name, DestinationFacts.none(name))));
    }
    Answers.json(context, body);
  }

  private ObjectNode destination(NamedCatalog destination, DestinationFacts facts) {
    ObjectNode body = StatusJson.object();
    body.put("name", destination.name()).put("kind", destination.kind());
    putSums(body, facts.replicas());
    body.set(
        "lagObjective",
        lags.objective(destination.name())
            .map(longest -> objective(longest, facts.replicas().maxLag()))
            .orElse(NullNode.getInstance()));
    body.set("published", published(window -> lags.atDestination(destination.name(), window)));
    return body;
  }

  private static void putSums(ObjectNode body, ReplicaSums replicas) {
    body.set("counts", StatusJson.counts(replicas.counts()));
    body.set("lag", StatusJson.lag(replicas.pendingVersions(), replicas.maxLag()));
  }

  private static JsonNode objective(Duration objective, Duration maxLag) {
    return StatusJson.object()
        .put("seconds", StatusJson.seconds(objective))
        .put("beyondNow", maxLag.compareTo(objective) > 0);
  }

  private static ObjectNode published(Function<Duration, LagFigures> since) {
    ObjectNode body = StatusJson.object();
    body.set("hour", figures(since.apply(HOUR), HOUR));
    body.set("day", figures(since.apply(DAY), DAY));
    return body;
  }

  private static ObjectNode figures(LagFigures figures, Duration window) {
    ObjectNode body = StatusJson.object().put("versions", figures.versions());
    boolean none = figures.versions() == 0;
    body.put("lagP50Seconds", none ? null : StatusJson.seconds(figures.median()));
    body.put("lagP99Seconds", none ? null : StatusJson.seconds(figures.p99()));
    body.put("files", figures.files()).put("bytes", figures.bytes());
    body.put("bytesPerSecond", figures.bytes() / window.toSeconds());
    OptionalDouble within = figures.withinObjective();
    return body.put("withinObjective", within.isPresent() ? within.getAsDouble() : null);
  }
}
