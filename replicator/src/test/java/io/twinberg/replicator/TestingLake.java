package io.twinberg.replicator;

import io.twinberg.database.Database;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import io.twinberg.replicator.lane.LaneSettings;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.storage.LocalFileIO;
import io.twinberg.storage.ObjectStores;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
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
  private final LocalFileIO io = new LocalFileIO();
  private final ObjectStores store = ObjectStores.from(Map.of());
  private Database database;

  public TestingLake(Path folder) {
    this.folder = folder;
    catalog.initialize(
        "source",
        Map.of(
            "uri",
            "jdbc:h2:mem:"
                + UUID.randomUUID()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1",
            "jdbc.schema-version",
            "V1",
            "warehouse",
            "file:" + folder.resolve("lake"),
            "io-impl",
            LocalFileIO.class.getName()));
    catalog.createNamespace(Namespace.of("sales"));
    this.database = Database.embedded(folder.resolve("db"));
  }

  public Table create(String formatVersion) {
    return catalog
        .buildTable(EVENTS, SCHEMA)
        .withProperty("format-version", formatVersion)
        .create();
  }

  public JdbcCatalog catalog() {
    return catalog;
  }

  public LocalFileIO io() {
    return io;
  }

  public Database database() {
    return database;
  }

  public String root() {
    return "file:" + folder.resolve("replica");
  }

  /** Writes a data file of the table, whose bytes tell its name. */
  public DataFile dataFile(Table table, String name) {
    String path = table.location() + "/data/" + name + ".parquet";
    byte[] bytes = ("rows of " + name).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = io.newOutputFile(path).createOrOverwrite()) {
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
                List.of(
                    new ReplicatorEnds.Source(
                        "main",
                        CatalogSourceReader.of(catalog),
                        store,
                        List.of("file:" + folder.resolve("lake") + "/"))),
                List.of(new ReplicatorEnds.Destination("eu", store))),
            (source, name) -> List.of(new Target("eu", root(), name)),
            settings(),
            Clock.systemUTC(),
            UUID.randomUUID().toString(),
            listener,
            crashPoints);
    replicator.start();
    return replicator;
  }

  private static ReplicatorSettings settings() {
    return new ReplicatorSettings(
        new LaneSettings(
            4,
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofMillis(50),
            Duration.ofMillis(200)),
        8,
        Duration.ofSeconds(1),
        1000,
        Duration.ofMinutes(15),
        64 << 20);
  }

  /** Closes the database as a crash would find it and opens it again. */
  public void reopen() {
    database.close();
    database = Database.embedded(folder.resolve("db"));
  }

  public Replica replica() {
    return new Replicas(database, Clock.systemUTC()).byName("eu", EVENTS).orElseThrow();
  }

  /**
   * Waits until the replica has published the source's current version, and returns its metadata.
   */
  public TableMetadata awaitCurrent(Table table) {
    table.refresh();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(() -> published().lastUpdatedMillis() == current(table).lastUpdatedMillis());
    return published();
  }

  private static TableMetadata current(Table table) {
    return ((BaseTable) table).operations().current();
  }

  public TableMetadata published() {
    return TableMetadataParser.read(io, replica().metadataLocation().orElseThrow());
  }

  @Override
  public void close() {
    database.close();
    store.close();
  }
}
