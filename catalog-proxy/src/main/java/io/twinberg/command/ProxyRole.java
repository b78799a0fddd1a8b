package io.twinberg.command;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.twinberg.config.SourceConfig;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.database.Database;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.IntentLog;
import io.twinberg.proxy.capture.CaptureListener;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.http.CatalogListener;
import io.twinberg.proxy.http.FixedDirectory;
import io.twinberg.proxy.http.ListenerSettings;
import io.twinberg.proxy.http.ReadinessCheck;
import io.twinberg.proxy.management.ManagedRoute;
import io.twinberg.rule.LiveRules;
import io.twinberg.wake.EndTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The proxy role of one process: both listeners over the sources and replicas. */
final class ProxyRole implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyRole.class);
  private static final int RESERVED_THREADS = 64;
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration STOP = Duration.ofSeconds(10);

  private final AccessParts access;
  private final CatalogListener engines;
  private final ManagementParts management;
  private final AuditParts audit;
  private final IntentLog intents;
  private final List<SourceParts.CapturedSource> captured = new ArrayList<>();
  private Optional<Future<?>> heartbeat = Optional.empty();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  ProxyRole(
      TwinbergConfig config,
      Database database,
      List<SourceParts> sources,
      ReplicaParts replicas,
      AccessParts access,
      AuditParts audit,
      ExpiryGuards guards,
      IntentLog intents,
      CaptureListener listener,
      PrometheusMeterRegistry registry,
      Runnable operationWaits,
      LiveRules rules,
      CrashPoints crashPoints) {
    this.intents = intents;
    this.access = access;
    this.audit = audit;
    Map<String, FixedDirectory.Entry> entries = new LinkedHashMap<>();
    Map<String, ServedCatalog> served = new LinkedHashMap<>();
    for (SourceParts source : sources) {
      SourceParts.CapturedSource one =
          source.served(access, guards, intents, listener, registry, crashPoints);
      captured.add(one);
      served.put(source.config().name(), one.catalog());
      Optional<String> warehouse =
          source.config().isEmbedded() ? Optional.empty() : source.config().warehouse();
      entries.put(source.config().name(), new FixedDirectory.Entry(one::catalog, warehouse));
    }
    replicas
        .served()
        .forEach(
            (name, catalog) ->
                entries.put(name, new FixedDirectory.Entry(() -> catalog, Optional.empty())));
    List<ReadinessCheck> checks = List.of(databaseCheck(database));
    this.engines =
        new CatalogListener(
            listener(config),
            new FixedDirectory(
                entries,
                config.defaultSource().map(SourceConfig::name),
                Optional.of(access.tokenIssuer(config, served))),
            access.policy(),
            checks);
    this.management =
        new ManagementParts(
            config, database, access, checks, registry, audit, operationWaits, rules);
  }

  /**
   * Whatever sources and replicas have under way, refusals and health keep threads of their own.
   */
  private static ListenerSettings listener(TwinbergConfig config) {
    int forwards = config.sources().stream().mapToInt(SourceConfig::forwardLimit).sum();
    return ListenerSettings.at(config.server().host(), config.server().port())
        .withTls(config.server().tls().map(Tls::files))
        .withThreads(forwards + ReplicaParts.READS + RESERVED_THREADS);
  }

  private static ReadinessCheck databaseCheck(Database database) {
    return new ReadinessCheck(
        "database",
        () -> {
          try {
            database.jdbi().useHandle(handle -> handle.execute("select 1"));
            return Optional.empty();
          } catch (RuntimeException e) {
            return Optional.of("the database does not answer");
          }
        });
  }

  void start() {
    intents.heartbeat();
    heartbeat =
        Optional.of(
            timer.scheduleWithFixedDelay(
                this::tick, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS));
    access.start();
    audit.start();
    engines.start();
    management.start();
  }

  private void tick() {
    try {
      intents.heartbeat();
      captured.forEach(source -> source.capturing().retryOutcomes());
    } catch (RuntimeException e) {
      LOG.warn("heartbeat failed: {}", e.toString());
    }
  }

  int port() {
    return engines.port();
  }

  List<ManagedRoute> managementRoutes() {
    return management.routes();
  }

  int managementPort() {
    return management.port();
  }

  /** Takes no calls any more, and waits for those under way at both listeners. */
  void stopListening() {
    EndTime end = EndTime.in(STOP);
    Thread other = new Thread(management::close, "management-stop");
    other.start();
    engines.close();
    end.await(other);
  }

  @Override
  public void close() {
    access.close();
    audit.close();
    heartbeat.ifPresent(future -> future.cancel(false));
    timer.shutdown();
  }
}
