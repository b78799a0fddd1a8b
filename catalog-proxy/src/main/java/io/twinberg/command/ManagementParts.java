package io.twinberg.command;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.twinberg.config.DestinationConfig;
import io.twinberg.config.SourceConfig;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.database.Database;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.TargetedReplicas;
import io.twinberg.proxy.http.ListenerSettings;
import io.twinberg.proxy.http.ReadinessCheck;
import io.twinberg.proxy.management.CatalogRoutes;
import io.twinberg.proxy.management.DescriptionRoutes;
import io.twinberg.proxy.management.GaugeReadings;
import io.twinberg.proxy.management.KeptCounters;
import io.twinberg.proxy.management.ManagedCatalogs;
import io.twinberg.proxy.management.ManagedRoute;
import io.twinberg.proxy.management.ManagementListener;
import io.twinberg.proxy.management.NamedCatalog;
import io.twinberg.proxy.management.OperationRoutes;
import io.twinberg.proxy.management.ProcessGauges;
import io.twinberg.proxy.management.ReplicaGauges;
import io.twinberg.proxy.management.RuleRoutes;
import io.twinberg.proxy.management.StatusRoutes;
import io.twinberg.replica.DroppedReplicas;
import io.twinberg.rule.LiveRules;
import io.twinberg.rule.RuleStore;
import io.twinberg.status.CatalogStatuses;
import io.twinberg.status.CheckIntervals;
import io.twinberg.status.LagHistory;
import io.twinberg.status.ReplicaReadings;
import io.twinberg.status.ReplicaStatuses;
import io.twinberg.wake.EndTime;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The management listener of a process, wired from the configuration. */
final class ManagementParts implements AutoCloseable {
  /** The reconciler doubles the interval of unchanged tables up to this. */
  private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(15);

  /** Many times as long as a reading takes. */
  private static final Duration CLOSING = Duration.ofSeconds(1);

  private final ManagementListener listener;

  /**
   * Started when somebody looks at many replicas; a call in flight when it ends needs it no more.
   */
  private final ThreadPoolExecutor reading =
      new ThreadPoolExecutor(
          0,
          1,
          1,
          TimeUnit.MINUTES,
          new LinkedBlockingQueue<>(),
          ManagementParts::daemon,
          new ThreadPoolExecutor.DiscardPolicy());

  ManagementParts(
      TwinbergConfig config,
      Database database,
      AccessParts access,
      List<ReadinessCheck> checks,
      PrometheusMeterRegistry registry,
      AuditParts audit,
      Runnable operationWaits,
      LiveRules rules) {
    Clock clock = Clock.systemUTC();
    CheckIntervals intervals = intervals(config.reconcile().interval());
    ManagedCatalogs catalogs = catalogs(config);
    ReplicaReadings readings = new ReplicaReadings(database, clock, intervals, reading);
    CatalogStatuses facts = new CatalogStatuses(database, clock, readings);
    ReplicaStatuses statuses = new ReplicaStatuses(database, clock, intervals, readings);
    LagHistory lags = new LagHistory(database, clock, objectives(config));
    GaugeReadings gauges = new GaugeReadings(facts, lags, database, clock);
    ReplicaGauges.register(registry, gauges, lags, catalogs);
    KeptCounters.register(registry, gauges, lags, catalogs);
    ProcessGauges.register(registry);
    this.listener =
        new ManagementListener(
            ListenerSettings.at(config.management().host(), config.management().port())
                .withTls(config.management().tls().map(Tls::files)),
            checks,
            access.policy(),
            registry,
            List.of(
                new DescriptionRoutes(),
                new StatusRoutes(statuses, facts, catalogs),
                new CatalogRoutes(facts, lags, catalogs, clock),
                access.routes(catalogs),
                new OperationRoutes(
                    new OperationLog(database, clock),
                    new TargetedReplicas(database),
                    new DroppedReplicas(database, clock),
                    catalogs,
                    operationWaits),
                new RuleRoutes(
                    config.fileRules(), database, new RuleStore(database, clock), rules, catalogs),
                audit.routes()),
            audit.actions());
  }

  private static CheckIntervals intervals(Duration first) {
    boolean longer = first.compareTo(LONGEST_INTERVAL) > 0;
    return new CheckIntervals(first, longer ? first : LONGEST_INTERVAL);
  }

  private static Map<String, Duration> objectives(TwinbergConfig config) {
    Map<String, Duration> objectives = new HashMap<>();
    config
        .destinations()
        .forEach(
            destination ->
                destination
                    .lagObjective()
                    .ifPresent(longest -> objectives.put(destination.name(), longest)));
    return objectives;
  }

  private static ManagedCatalogs catalogs(TwinbergConfig config) {
    return new ManagedCatalogs(
        config.sources().stream().map(ManagementParts::named).toList(),
        config.destinations().stream().map(ManagementParts::named).toList());
  }

  private static NamedCatalog named(SourceConfig source) {
    return new NamedCatalog(source.name(), source.isEmbedded() ? "embedded" : "rest");
  }

  /** The kind is the scheme of the root. */
  private static NamedCatalog named(DestinationConfig destination) {
    String root = destination.root();
    return new NamedCatalog(destination.name(), root.substring(0, root.indexOf(':')));
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "status-reading");
    thread.setDaemon(true);
    return thread;
  }

  void start() {
    listener.start();
  }

  List<ManagedRoute> routes() {
    return listener.routes();
  }

  int port() {
    return listener.port();
  }

  /** Nobody is interrupted, for that would close H2's file. */
  @Override
  public void close() {
    listener.close();
    reading.shutdown();
    EndTime.in(CLOSING).await(reading);
  }
}
