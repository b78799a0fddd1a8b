package io.twinberg.proxy.testing;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.twinberg.config.Grant;
import io.twinberg.database.Database;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.TargetedReplicas;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.access.Token;
import io.twinberg.proxy.http.ListenerSettings;
import io.twinberg.proxy.http.ReadinessCheck;
import io.twinberg.proxy.management.CatalogRoutes;
import io.twinberg.proxy.management.DescriptionRoutes;
import io.twinberg.proxy.management.ManagedCatalogs;
import io.twinberg.proxy.management.ManagedRoutes;
import io.twinberg.proxy.management.ManagementListener;
import io.twinberg.proxy.management.NamedCatalog;
import io.twinberg.proxy.management.OperationRoutes;
import io.twinberg.proxy.management.ReplicaGauges;
import io.twinberg.proxy.management.StatusRoutes;
import io.twinberg.status.CatalogStatuses;
import io.twinberg.status.CheckIntervals;
import io.twinberg.status.ReplicaStatuses;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Management listeners for tests: the real one, over a database of the test's. */
public final class TestingManagement {
  private static final CheckIntervals INTERVALS =
      new CheckIntervals(Duration.ofMinutes(1), Duration.ofMinutes(15));

  private final Database database;
  private final Clock clock;
  private final ManagedCatalogs catalogs;
  private final List<Token> tokens = new ArrayList<>();
  private final List<ReadinessCheck> checks = new ArrayList<>();
  private Runnable operationWaits = () -> {};

  /** With sources {@code prod} and {@code test} and destinations {@code eu} and {@code us}. */
  public TestingManagement(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
    this.catalogs =
        new ManagedCatalogs(
            List.of(new NamedCatalog("prod", "rest"), new NamedCatalog("test", "embedded")),
            List.of(new NamedCatalog("eu", "s3"), new NamedCatalog("us", "file")));
  }

  /** Knows a token by a secret of {@code s-} and its name. */
  public TestingManagement token(String name, String... grants) {
    tokens.add(new Token(name, "s-" + name, Arrays.stream(grants).map(Grant::parse).toList()));
    return this;
  }

  /** Asks a check whether it is ready. */
  public TestingManagement check(ReadinessCheck check) {
    checks.add(check);
    return this;
  }

  /** Tells of operations that wait. */
  public TestingManagement operationWaits(Runnable told) {
    operationWaits = told;
    return this;
  }

  /** A listener that is not started yet; port 0 for any. */
  public ManagementListener listener(int port) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ReplicaGauges.register(registry, facts(), catalogs, clock);
    return new ManagementListener(
        ListenerSettings.at("127.0.0.1", port),
        checks,
        AccessPolicy.tokens(tokens),
        registry,
        parts());
  }

  /** A listener at any port that is started. */
  public ManagementListener start() {
    ManagementListener listener = listener(0);
    listener.start();
    return listener;
  }

  private CatalogStatuses facts() {
    return new CatalogStatuses(database, clock, INTERVALS);
  }

  private List<ManagedRoutes> parts() {
    return List.of(
        new DescriptionRoutes(),
        new StatusRoutes(new ReplicaStatuses(database, clock, INTERVALS), facts(), catalogs),
        new CatalogRoutes(facts(), catalogs, clock),
        new OperationRoutes(
            new OperationLog(database, clock),
            new TargetedReplicas(database),
            catalogs,
            operationWaits));
  }
}
