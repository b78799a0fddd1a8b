package io.twinberg.replicator;

import io.twinberg.config.Retention;
import io.twinberg.database.Database;
import io.twinberg.fault.CrashPoints;
import io.twinberg.files.SourceFiles;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaFailures;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.reconcile.Targets;
import io.twinberg.replicator.settings.LaneSettings;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.replicator.settings.ReplicatorSettings;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.source.SourceReader;
import io.twinberg.storage.LocalFileIO;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.ObjectStores;
import io.twinberg.testing.Databases;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types;
import org.awaitility.Awaitility;

/**
 * A source catalog on local files, a destination folder, and a replicator between them on a real H2
 * file.
 */
public final class TestingLake implements AutoCloseable {
  public static final TableIdentifier EVENTS = TableIdentifier.of("sales", "events");
  public static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "name", Types.StringType.get()));

  private final Path folder;
  private final JdbcCatalog catalog = new JdbcCatalog();
  private final String root;
  private final FileIO io;
  private final ObjectStores store;
  private final String catalogUri =
      "jdbc:h2:mem:"
          + UUID.randomUUID()
          + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1";
  private Database database;
  private Clock clock = Clock.systemUTC();
  private SourceFiles source;
  private ObjectStore destination;
  private List<String> destinations = List.of("eu");
  private SourceReader reader = CatalogSourceReader.of(catalog, this::metadataLocation);
  private Targets targets = (name, table) -> List.of(new Target("eu", root(), table));
  private Duration lease = Duration.ofMinutes(1);
  private Duration groupHold = Duration.ofMinutes(15);
  private Duration settle = Duration.ofMinutes(15);
  private Duration sweepInterval = Duration.ofSeconds(1);
  private long metadataLimitInBytes = 64 << 20;
  private Duration logRetention = Duration.ofDays(30);
  private Retention retention = new Retention.Forever();
  private Duration deletionGrace = Duration.ofDays(1);
  private Duration deletionInterval = Duration.ofDays(1);
  private List<String> allowedLocations;

  public TestingLake(Path folder) {
    this(
        folder,
        "file:" + folder.resolve("lake"),
        "file:" + folder.resolve("replica"),
        LocalFileIO.class.getName(),
        Map.of());
  }

  /** A lake and its replicas in a bucket each. */
  public static TestingLake onS3(
      Path folder, String warehouse, String root, Map<String, String> storage) {
    return new TestingLake(folder, warehouse, root, S3FileIO.class.getName(), storage);
  }

  private TestingLake(
      Path folder, String warehouse, String root, String ioClass, Map<String, String> storage) {
    this.folder = folder;
    this.root = root;
    this.allowedLocations = List.of(warehouse + "/");
    Map<String, String> ioProperties = new HashMap<>(storage);
    ioProperties.putIfAbsent("client.region", "us-east-1");
    this.io = CatalogUtil.loadFileIO(ioClass, ioProperties, null);
    this.store = ObjectStores.from(storage);
    this.source = SourceFiles.in(store);
    this.destination = store;
    Map<String, String> properties = new HashMap<>(ioProperties);
    properties.put("uri", catalogUri);
    properties.put("jdbc.schema-version", "V1");
    properties.put("warehouse", warehouse);
    properties.put("io-impl", ioClass);
    catalog.initialize("source", properties);
    catalog.createNamespace(Namespace.of("sales"));
    this.database = Databases.h2(folder.resolve("db"));
  }

  public Table create(String formatVersion) {
    return create(EVENTS, formatVersion, Map.of());
  }

  public Table create(TableIdentifier name, String formatVersion, Map<String, String> properties) {
    return catalog
        .buildTable(name, SCHEMA)
        .withProperties(properties)
        .withProperty("format-version", formatVersion)
        .create();
  }

  /** Goes on with an empty PostgreSQL database, which several replicators may share. */
  public void usePostgres() {
    database.close();
    database = Databases.postgres();
  }

  /** Lets the replicators that are made from now on tell the time by another clock. */
  public void clock(Clock clock) {
    this.clock = clock;
  }

  /** Puts stores between the replicator and the files. */
  public void stores(ObjectStore source, ObjectStore destination) {
    this.source = SourceFiles.in(source);
    this.destination = destination;
  }

  /** Lets the replicators that are made from now on read the source's files in another way. */
  public void files(SourceFiles files) {
    this.source = files;
  }

  public void reader(SourceReader reader) {
    this.reader = reader;
  }

  public void targets(Targets targets) {
    this.targets = targets;
  }

  public void destinations(String... names) {
    this.destinations = List.of(names);
  }

  public void lease(Duration lease) {
    this.lease = lease;
  }

  public void groupHold(Duration hold) {
    this.groupHold = hold;
  }

  public void metadataLimit(long bytes) {
    this.metadataLimitInBytes = bytes;
  }

  public void logRetention(Duration logRetention) {
    this.logRetention = logRetention;
  }

  public void retention(Retention retention) {
    this.retention = retention;
  }

  /** How long files stay that nothing names, and how often such are looked for. */
  public void deletion(Duration grace, Duration interval) {
    this.deletionGrace = grace;
    this.deletionInterval = interval;
  }

  public void allowedLocations(String... locations) {
    this.allowedLocations = List.of(locations);
  }

  public ObjectStore store() {
    return store;
  }

  /** The catalog's pointer of a table, read without the table's metadata. */
  Optional<String> metadataLocation(TableIdentifier name) {
    try (var connection = DriverManager.getConnection(catalogUri);
        var query =
            connection.prepareStatement(
                """
                select metadata_location from iceberg_tables
                where table_namespace = ? and table_name = ? and iceberg_type = 'TABLE'
                """)) {
      query.setString(1, name.namespace().toString());
      query.setString(2, name.name());
      try (var rows = query.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Moves the catalog's pointer by hand, as a restored backup of the catalog would. */
  public void pointCatalogTo(String metadataLocation) {
    try (var connection = DriverManager.getConnection(catalogUri);
        var update =
            connection.prepareStatement(
                "update iceberg_tables set metadata_location = ? where table_name = 'events'")) {
      update.setString(1, metadataLocation);
      update.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public JdbcCatalog catalog() {
    return catalog;
  }

  public FileIO io() {
    return io;
  }

  public Database database() {
    return database;
  }

  public String root() {
    return root;
  }

  /** Writes a data file of the table, whose bytes tell its name. */
  public static DataFile dataFile(Table table, String name) {
    String path = table.location() + "/data/" + name + ".parquet";
    byte[] bytes = ("rows of " + name).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = table.io().newOutputFile(path).createOrOverwrite()) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DataFiles.builder(table.spec())
        .withPath(path)
        .withFormat("parquet")
        .withFileSizeInBytes(bytes.length)
        .withRecordCount(3)
        .build();
  }

  public void append(Table table, String... names) {
    var append = table.newAppend();
    for (String name : names) {
      append.appendFile(dataFile(table, name));
    }
    append.commit();
  }

  /** A started replicator over the lake; the caller closes it. */
  public Replicator replicator(CrashPoints crashPoints) {
    return replicator(crashPoints, ReplicaListener.NONE);
  }

  public Replicator replicator(CrashPoints crashPoints, ReplicaListener listener) {
    Replicator replicator =
        new Replicator(
            database,
            new ReplicatorEnds(
                List.of(new ReplicatorEnds.Source("main", reader, source, allowedLocations)),
                destinations.stream()
                    .map(
                        name ->
                            new ReplicatorEnds.Destination(
                                name, root, destination, retention, deletionGrace))
                    .toList()),
            targets,
            settings(),
            clock,
            UUID.randomUUID().toString(),
            listener,
            crashPoints);
    replicator.start();
    return replicator;
  }

  private ReplicatorSettings settings() {
    return new ReplicatorSettings(
        new LaneSettings(
            4,
            lease,
            Duration.ofMillis(100),
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            groupHold),
        8,
        sweepInterval,
        1000,
        settle,
        deletionInterval,
        metadataLimitInBytes,
        logRetention,
        Duration.ofDays(400));
  }

  /** Closes the database as a crash would find it and opens it again. */
  public void reopen() {
    database.close();
    database = Databases.h2(folder.resolve("db"));
  }

  /** Keeps a copy of the database. */
  public void backUp() {
    database.close();
    copy("db/twinberg.mv.db", "backup");
    database = Databases.h2(folder.resolve("db"));
  }

  /** Puts the copy in the place of the database. */
  public void restore() {
    database.close();
    copy("backup", "db/twinberg.mv.db");
    database = Databases.h2(folder.resolve("db"));
  }

  private void copy(String from, String to) {
    try {
      Files.copy(folder.resolve(from), folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes on with an empty database. */
  public void loseDatabase() {
    database.close();
    database = Databases.h2(folder.resolve("another-db"));
  }

  public Replica replica() {
    return replica(EVENTS);
  }

  public Replica replica(TableIdentifier name) {
    return replicas().byName("eu", name).orElseThrow();
  }

  public Replicas replicas() {
    return new Replicas(database, Clock.systemUTC());
  }

  /** Lets the replica that failed be tried again at once; false when it has not failed. */
  public boolean retryNow() {
    return new ReplicaFailures(database, Clock.systemUTC()).retryNow(replica().id());
  }

  /** The single value of a query over Twinberg's database. */
  public long count(String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  public List<String> strings(String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  public void sql(String statement) {
    database.jdbi().useHandle(handle -> handle.execute(statement));
  }

  /** How long replicators wait between two looks at a table; a second unless said. */
  public void sweepInterval(Duration interval) {
    this.sweepInterval = interval;
  }

  /** Lets a replicator look at the source now, and waits like {@link #awaitCurrent}. */
  public TableMetadata sync(Replicator replicator, Table table) {
    replicator.demand("main");
    return awaitCurrent(table);
  }

  /**
   * Waits until the replica has published the source's current version and its pointer object, and
   * returns its metadata.
   */
  public TableMetadata awaitCurrent(Table table) {
    // The source is asked each time: whoever commits meanwhile would leave the version behind that
    // was current at first, and the replica may have gone past it between two looks.
    awaitReplica(
        name(table),
        replica ->
            showsVersion(replica, current(catalog.loadTable(name(table))).metadataFileLocation()));
    table.refresh();
    return published(name(table));
  }

  private boolean showsVersion(Replica replica, String location) {
    return replica.pointerGeneration() == replica.generation()
        && new VersionLog(database, clock)
            .find(replica.source(), replica.position())
            .filter(version -> version.metadataLocation().equals(location))
            .isPresent();
  }

  /**
   * Waits until a replica is as wanted. That is looked at when its row has changed, and not each
   * time: it costs more than the row.
   */
  public void awaitReplica(TableIdentifier name, Predicate<Replica> wanted) {
    AtomicReference<Optional<Replica>> last = new AtomicReference<>(Optional.empty());
    await(
        () -> {
          Optional<Replica> now = replicas().byName("eu", name);
          return !now.equals(last.getAndSet(now)) && now.filter(wanted).isPresent();
        });
  }

  /**
   * Has all pointer objects written. A process that begins looks for what is owed at once, one that
   * has run for a while rests between its looks.
   */
  void writePointers() {
    try (Replicator next = replicator(CrashPoints.NONE)) {
      await(() -> count("select count(*) from replica where pointer_generation < generation") == 0);
    }
  }

  public static void await(Callable<Boolean> condition) {
    Awaitility.await()
        // A simulated crash ends a thread of the product while the test waits for what comes after.
        .dontCatchUncaughtExceptions()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(10))
        .until(condition);
  }

  public static TableIdentifier name(Table table) {
    String[] parts = table.name().split("\\.");
    return TableIdentifier.of(parts[parts.length - 2], parts[parts.length - 1]);
  }

  public static TableMetadata current(Table table) {
    return ((BaseTable) table).operations().current();
  }

  public TableMetadata published() {
    return published(EVENTS);
  }

  public TableMetadata published(TableIdentifier name) {
    return published(replica(name));
  }

  public TableMetadata published(Replica replica) {
    return TableMetadataParser.read(io, replica.metadataLocation().orElseThrow());
  }

  @Override
  public void close() {
    database.close();
    store.close();
    io.close();
    catalog.close();
  }
}
