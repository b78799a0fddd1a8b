package io.twinberg.command;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.twinberg.config.DataSize;
import io.twinberg.config.DestinationConfig;
import io.twinberg.config.SourceConfig;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.database.Database;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.IntentLog;
import io.twinberg.log.NewIntent;
import io.twinberg.log.Sources;
import io.twinberg.proxy.capture.CaptureListener;
import io.twinberg.proxy.management.ManagedRoute;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replicator.Replicator;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.settings.LaneSettings;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.replicator.settings.ReplicatorSettings;
import io.twinberg.rule.LiveRules;
import io.twinberg.rule.RuleStore;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.ObjectStores;
import io.twinberg.storage.PacedStore;
import io.twinberg.wake.EndTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process of Twinberg: its roles, wired by hand over one database. */
public final class TwinbergServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TwinbergServer.class);
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(250);

  /** Where no other process is, all that is new rings; what is due at some time waits for this. */
  private static final Duration LONG_POLL = Duration.ofSeconds(1);

  /** Of the ten seconds that a stop takes at most: how long forwards have to end by themselves. */
  private static final Duration FORWARDING = Duration.ofSeconds(5);

  /** And when the listeners have stopped at the latest, so that the database can be closed. */
  private static final Duration LISTENING = Duration.ofSeconds(9);

  private final Database database;
  private final LiveRules rules;
  private final List<SourceParts> sources = new ArrayList<>();
  private final Map<String, ObjectStores> destinations = new LinkedHashMap<>();
  private final Optional<Replicator> replicator;
  private final Optional<ProxyRole> proxy;

  /**
   * Starts the roles of a process.
   *
   * @throws RuntimeException with a message for the operator when a port, the data folder or the
   *     database cannot be had; nothing is left running
   */
  public static TwinbergServer start(TwinbergConfig config, Set<Role> roles) {
    Database database = Databases.open(config);
    try {
      return new TwinbergServer(config, roles, database, Clock.systemUTC(), CrashPoints.NONE);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  TwinbergServer(
      TwinbergConfig config,
      Set<Role> roles,
      Database database,
      Clock clock,
      CrashPoints crashPoints) {
    this.database = database;
    String processId = UUID.randomUUID().toString();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    config.sources().forEach(this::register);
    config.sources().forEach(source -> sources.add(new SourceParts(source, Optional.of(database))));
    config.destinations().forEach(this::openStore);
    this.rules =
        new LiveRules(config.fileRules(), new RuleStore(database, clock), database.shared());

    MetadataFiles files = new MetadataFiles(config.replicator().metadataTreeLimit().bytes());
    AuditParts audit = new AuditParts(database, clock, registry);
    AccessParts access = new AccessParts(config, database, registry, audit.refused());
    ReplicaParts replicas =
        new ReplicaParts(config, database, clock, destinations, files, access, registry);
    this.replicator =
        roles.contains(Role.REPLICATOR)
            ? Optional.of(replicator(config, clock, processId, replicas.listener(), crashPoints))
            : Optional.empty();
    this.proxy =
        roles.contains(Role.PROXY)
            ? Optional.of(
                new ProxyRole(
                    config,
                    database,
                    sources,
                    replicas,
                    access,
                    audit,
                    new ExpiryGuards(rules, database, replicas::published, registry, clock),
                    new IntentLog(database, clock, processId),
                    wakingReplicator(),
                    registry,
                    () -> replicator.ifPresent(Replicator::operationWaits),
                    rules,
                    crashPoints))
            : Optional.empty();
    config.sources().forEach(TwinbergServer::warnOfOpenLocations);
    startAll();
    LOG.info("twinberg started roles={} process={}", roles, processId);
  }

  /**
   * Every start asks for a sweep: a process before may have died with what its log had missed, or
   * the power have gone with what it had not yet on disk.
   */
  private void register(SourceConfig source) {
    Sources known = new Sources(database);
    known.register(source.name());
    known.askSweep(source.name());
  }

  private static void warnOfOpenLocations(SourceConfig source) {
    if (source.allowedLocations().isEmpty()) {
      LOG.warn(
          "source {} has no allowed-locations: whatever paths its writers commit are read, as far"
              + " as the credentials in its storage reach",
          source.name());
    }
  }

  private void openStore(DestinationConfig destination) {
    destinations.put(destination.name(), ObjectStores.from(destination.storage().reveal()));
  }

  private ReplicatorEnds.Destination end(DestinationConfig destination) {
    OptionalLong bytesPerSecond =
        destination.bandwidthLimit().stream().mapToLong(DataSize::bytes).findFirst();
    ObjectStore paced =
        new PacedStore(destination.name(), destinations.get(destination.name()), bytesPerSecond);
    return new ReplicatorEnds.Destination(
        destination.name(),
        destination.root(),
        paced,
        destination.retention(),
        destination.deletionGrace());
  }

  private Replicator replicator(
      TwinbergConfig config,
      Clock clock,
      String processId,
      ReplicaListener listener,
      CrashPoints crashPoints) {
    ReplicatorEnds ends =
        new ReplicatorEnds(
            sources.stream().map(SourceParts::end).toList(),
            config.destinations().stream().map(this::end).toList());
    return new Replicator(
        database,
        ends,
        new RuleTargets(config, rules, rules::trying),
        settings(config),
        clock,
        processId,
        listener,
        crashPoints);
  }

  /** Rings the replicator of this process; that of another process finds the intent by polling. */
  private CaptureListener wakingReplicator() {
    return new CaptureListener() {
      @Override
      public void opened(NewIntent intent) {
        replicator.ifPresent(role -> role.opened(intent));
      }

      @Override
      public void settled(String source) {
        replicator.ifPresent(role -> role.settled(source));
      }

      @Override
      public void missed(String source) {
        replicator.ifPresentOrElse(
            role -> role.demand(source), () -> new Sources(database).askSweep(source));
      }
    };
  }

  private ReplicatorSettings settings(TwinbergConfig config) {
    return new ReplicatorSettings(
        new LaneSettings(
            config.replicator().lanes(),
            LEASE,
            database.shared() ? POLL : LONG_POLL,
            config.replicator().retryInitial(),
            config.replicator().retryMax(),
            config.replicator().groupHold()),
        config.replicator().copies(),
        config.reconcile().interval(),
        config.reconcile().requestsPerSecond(),
        config.reconcile().settle(),
        config.replicator().deletionInterval(),
        config.replicator().metadataTreeLimit().bytes(),
        config.logRetention(),
        config.auditRetention());
  }

  private void startAll() {
    try {
      rules.start(
          (source, difference) ->
              replicator.ifPresent(role -> role.rulesChanged(source, difference)));
      proxy.ifPresent(ProxyRole::start);
      replicator.ifPresent(Replicator::start);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The port of the engines' listener. */
  public int port() {
    return proxy.orElseThrow().port();
  }

  /** The port of the management listener. */
  public int managementPort() {
    return proxy.orElseThrow().managementPort();
  }

  /** Every route of the management listener. */
  List<ManagedRoute> managementRoutes() {
    return proxy.orElseThrow().managementRoutes();
  }

  /**
   * Stops within ten seconds: the listeners take no calls any more, and the replicator hands back
   * beside them. A forward that ends by itself is settled in the log as ever; one that does not is
   * cut off while there is still time to write down that its outcome is unknown, and what hangs
   * even then is left to whoever explains its intent.
   */
  @Override
  public void close() {
    EndTime listening = EndTime.in(LISTENING);
    EndTime forwarding = EndTime.in(FORWARDING);
    Thread listeners =
        new Thread(() -> proxy.ifPresent(ProxyRole::stopListening), "listeners-stop");
    listeners.start();
    rules.close();
    replicator.ifPresent(Replicator::close);
    if (!forwarding.await(listeners)) {
      LOG.warn("forwards that have not ended are cut off");
      sources.forEach(SourceParts::cutOff);
      listening.await(listeners);
    }
    proxy.ifPresent(ProxyRole::close);
    sources.forEach(SourceParts::close);
    destinations.values().forEach(ObjectStores::close);
    database.close();
  }
}
