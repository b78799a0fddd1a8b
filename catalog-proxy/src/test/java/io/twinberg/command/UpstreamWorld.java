package io.twinberg.command;

import io.twinberg.config.ConfigLoader;
import io.twinberg.database.Database;
import io.twinberg.embedded.EmbeddedCatalog;
import io.twinberg.embedded.EmbeddedSettings;
import io.twinberg.fault.CrashPoints;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.embedded.EmbeddedEndpoint;
import io.twinberg.proxy.http.CatalogListener;
import io.twinberg.proxy.http.FixedDirectory;
import io.twinberg.proxy.http.ListenerSettings;
import io.twinberg.storage.LocalFileIO;
import io.twinberg.testing.Databases;
import io.twinberg.testing.FaultyUpstream;
import io.twinberg.testing.PostgresServer;
import io.twinberg.testing.UpstreamPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;

/**
 * A real catalog, a wire on which things go wrong, and Twinberg with one destination behind it. A
 * server that has ended can be followed by another one on the same database.
 */
final class UpstreamWorld implements AutoCloseable {
  static final Namespace SALES = Namespace.of("sales");
  static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  private static final String YAML =
      """
      server: { port: 0 }
      management: { port: 0 }
      reconcile: { interval: %s, requests-per-second: 1000, settle: %s }
      replicator: { retry-initial: 100ms, retry-max: 500ms }
      sources:
        prod: { uri: "%s", forward-timeout: %s, %s allowed-locations: ["%s"] }
      destinations:
        eu: { root: ./eu, retention: { snapshots: forever } }
      rules:
        - { source: prod, destinations: [eu] }
      """;

  private final Path folder;
  private final Database catalogDatabase;
  private final EmbeddedCatalog catalog;
  private final CatalogListener catalogListener;
  private final FaultyUpstream upstream;
  private Supplier<Database> databases;
  private Duration interval = Duration.ofSeconds(1);
  private Duration settle = Duration.ofMinutes(15);
  private Duration forwardTimeout = Duration.ofSeconds(30);
  private String onLogFailure = "on-log-failure: forward,";
  private volatile boolean forgets;
  private Clock clock = Clock.systemUTC();
  private Optional<TwinbergServer> server = Optional.empty();
  private Optional<CapturedLog> log = Optional.empty();
  private final Queue<RESTCatalog> clients = new ConcurrentLinkedQueue<>();
  private Optional<RESTCatalog> replicas = Optional.empty();

  UpstreamWorld(Path folder, long seed) {
    this.folder = folder;
    this.databases = () -> Databases.h2(folder.resolve("data"));
    this.catalogDatabase = Databases.h2(folder.resolve("catalog"));
    this.catalog =
        EmbeddedCatalog.open(
            catalogDatabase,
            new EmbeddedSettings(
                "lake", warehouse(), List.of(), LocalFileIO.class.getName(), Map.of()));
    catalog.createNamespace(SALES);
    ServedCatalog whole = new EmbeddedEndpoint("lake", catalog);
    ServedCatalog forgetful = new ForgetfulCatalog(whole);
    ServedCatalog endpoint = call -> (forgets ? forgetful : whole).answer(call);
    this.catalogListener =
        new CatalogListener(
            ListenerSettings.at("127.0.0.1", 0),
            new FixedDirectory(
                Map.of("lake", new FixedDirectory.Entry(() -> endpoint, Optional.empty())),
                Optional.of("lake")),
            AccessPolicy.open(),
            List.of());
    catalogListener.start();
    this.upstream =
        new FaultyUpstream(
            URI.create("http://127.0.0.1:" + catalogListener.port() + "/catalogs/lake"),
            new UpstreamPlan(seed));
  }

  private String warehouse() {
    return "file:" + folder.resolve("lake");
  }

  /** How often servers that start from now on look at the source by themselves. */
  UpstreamWorld interval(Duration time) {
    this.interval = time;
    return this;
  }

  /** How long servers that start from now on wait for commits of unknown outcome. */
  UpstreamWorld settle(Duration time) {
    this.settle = time;
    return this;
  }

  /**
   * How long the source may take to answer servers that start from now on; unless said, as long as
   * one on a busy machine may need.
   */
  UpstreamWorld forwardTimeout(Duration time) {
    this.forwardTimeout = time;
    return this;
  }

  /** Lets servers that start from now on take no commit without their log. */
  UpstreamWorld rejectOnLogFailure() {
    this.onLogFailure = "on-log-failure: reject,";
    return this;
  }

  /** Leaves it to the source whether servers that start from now on take commits without a log. */
  UpstreamWorld onLogFailureLeftOut() {
    this.onLogFailure = "";
    return this;
  }

  /** Lets the source show the newest snapshot of a table only, and name no earlier file. */
  UpstreamWorld forgetful() {
    this.forgets = true;
    return this;
  }

  /** Lets servers that start from now on go by another clock. */
  UpstreamWorld clock(Clock another) {
    this.clock = another;
    return this;
  }

  /** Gives the servers one PostgreSQL, so that there can be several at a time. */
  UpstreamWorld onPostgres() {
    String url = PostgresServer.running().createDatabase();
    databases = () -> Databases.postgres(url);
    return this;
  }

  UpstreamWorld start() {
    return start(EnumSet.allOf(Role.class), CrashPoints.NONE);
  }

  /** Starts a server where none is running. */
  UpstreamWorld start(EnumSet<Role> roles, CrashPoints crashPoints) {
    Database database = databases.get();
    // Time passes between two servers: the next one need not wait for what the last one left.
    database.jdbi().useHandle(handle -> handle.execute("delete from process"));
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "update lease set expires_at = timestamp with time zone '2000-01-01 00:00:00+00'"));
    log = Optional.of(new CapturedLog(database));
    server = Optional.of(server(database, roles, crashPoints));
    return this;
  }

  /** Starts a server beside the other one; it is the caller's to close. */
  TwinbergServer another(EnumSet<Role> roles) {
    return server(databases.get(), roles, CrashPoints.NONE);
  }

  private TwinbergServer server(Database database, EnumSet<Role> roles, CrashPoints crashPoints) {
    String yaml =
        YAML.formatted(
            interval.toSeconds() + "s",
            settle.toSeconds() + "s",
            upstream.uri(),
            forwardTimeout.toSeconds() + "s",
            onLogFailure,
            warehouse());
    return new TwinbergServer(
        ConfigLoader.parse(yaml, folder, name -> null), roles, database, clock, crashPoints);
  }

  /** Ends the server and the clients of it. */
  void stop() {
    clients.forEach(UpstreamWorld::close);
    clients.clear();
    replicas = Optional.empty();
    server.ifPresent(TwinbergServer::close);
    server = Optional.empty();
  }

  FaultyUpstream upstream() {
    return upstream;
  }

  /** The source's catalog itself, past everything. */
  EmbeddedCatalog catalog() {
    return catalog;
  }

  /** The log of the server that was started last. */
  CapturedLog log() {
    return log.orElseThrow();
  }

  int port() {
    return server.orElseThrow().port();
  }

  int managementPort() {
    return server.orElseThrow().managementPort();
  }

  Path folder() {
    return folder;
  }

  /** Makes an empty table, past the server. */
  Table create(String name) {
    return catalog
        .buildTable(id(name), SCHEMA)
        .withProperty("write.metadata.previous-versions-max", "10000")
        .withProperty("commit.retry.num-retries", "20")
        .withProperty("commit.retry.min-wait-ms", "10")
        .withProperty("commit.retry.max-wait-ms", "100")
        .create();
  }

  static TableIdentifier id(String name) {
    return TableIdentifier.of(SALES, name);
  }

  /** Iceberg's own client of the source, through the server; it ends with the server. */
  RESTCatalog client() {
    return client("prod");
  }

  /** Iceberg's own client of the replicas. */
  RESTCatalog replicas() {
    replicas = replicas.or(() -> Optional.of(client("eu")));
    return replicas.get();
  }

  private RESTCatalog client(String name) {
    return client(name, port());
  }

  /** Iceberg's own client of a catalog at a server; it ends with the world's server. */
  RESTCatalog client(String name, int port) {
    RESTCatalog client = new RESTCatalog();
    clients.add(client);
    client.initialize(
        name,
        Map.of(
            "uri",
            "http://127.0.0.1:" + port + "/catalogs/" + name,
            "rest-metrics-reporting-enabled",
            "false",
            "io-impl",
            LocalFileIO.class.getName()));
    return client;
  }

  private static void close(RESTCatalog client) {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
    upstream.close();
    catalogListener.close();
    catalog.close();
    catalogDatabase.close();
  }
}
