package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.command.Role;
import io.twinberg.command.TwinbergServer;
import io.twinberg.config.ConfigLoader;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.database.Database;
import io.twinberg.storage.LocalFileIO;
import io.twinberg.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles that run apart meet in a PostgreSQL, and nowhere else. */
class RolesIT {
  private static final TableIdentifier ORDERS = TableIdentifier.of("shop", "orders");
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  @TempDir private Path folder;

  @Test
  void commitAtOneProxy_replicatorElsewhere_isReadAtTheOtherProxy() throws IOException {
    String database = PostgresServer.running().createDatabase();
    try (TwinbergServer writers = start(database, Role.PROXY);
        TwinbergServer readers = start(database, Role.PROXY);
        RESTCatalog source = catalog(writers, "main");
        RESTCatalog replicas = catalog(readers, "replica")) {
      source.createNamespace(Namespace.of("shop"));
      Table table = source.createTable(ORDERS, SCHEMA);
      try (TwinbergServer replicator = start(database, Role.REPLICATOR)) {
        append(table, "a");
        awaitShown(replicas, table);
      }
      long shown = replicas.loadTable(ORDERS).currentSnapshot().snapshotId();
      append(table, "b");
      assertThat(replicas.loadTable(ORDERS).currentSnapshot().snapshotId())
          .as("nobody replicates")
          .isEqualTo(shown);

      try (TwinbergServer replicator = start(database, Role.REPLICATOR)) {
        awaitShown(replicas, table);
        append(table, "c");
        awaitShown(replicas, table);
      }
      assertThat(replicas.loadTable(ORDERS).snapshots()).hasSize(3);
    }
  }

  /** The replicator looks at an unchanged table each hour, unless somebody asks for it. */
  @Test
  void commitThatTheProxysLogMissed_replicatorElsewhere_isReadSoonAfterTheLogIsBack()
      throws IOException {
    String database = PostgresServer.running().createDatabase();
    try (TwinbergServer proxy = start(database, Role.PROXY, "1h");
        TwinbergServer replicator = start(database, Role.REPLICATOR, "1h");
        RESTCatalog source = catalog(proxy, "main");
        RESTCatalog replicas = catalog(proxy, "replica")) {
      source.createNamespace(Namespace.of("shop"));
      Table table = source.createTable(ORDERS, SCHEMA);
      append(table, "a");
      awaitShown(replicas, table);

      sql(database, "alter table intent rename to hidden");
      append(table, "b");
      sql(database, "alter table hidden rename to intent");
      awaitShown(replicas, table);
    }
  }

  private static void sql(String database, String statement) {
    try (Database log = Database.postgres(database, PostgresServer.USER, "none")) {
      log.jdbi().useHandle(handle -> handle.execute(statement));
    }
  }

  private static void awaitShown(RESTCatalog replicas, Table table) {
    await()
        .atMost(Duration.ofMinutes(3))
        .ignoreException(NoSuchTableException.class)
        .untilAsserted(
            () ->
                assertThat(replicas.loadTable(ORDERS).currentSnapshot())
                    .extracting(snapshot -> snapshot.snapshotId())
                    .isEqualTo(table.currentSnapshot().snapshotId()));
  }

  private TwinbergServer start(String database, Role role) {
    return start(database, role, "1s");
  }

  private TwinbergServer start(String database, Role role, String interval) {
    String yaml =
        """
        server: { port: 0 }
        management: { port: 0 }
        database: { url: "%s", user: postgres }
        sources: { main: { warehouse: ./lake } }
        destinations: { replica: { root: ./replica, retention: { snapshots: forever } } }
        rules: [ { source: main, destinations: [replica] } ]
        reconcile: { interval: %s }
        """
            .formatted(database, interval);
    TwinbergConfig config = ConfigLoader.parse(yaml, folder, name -> null);
    return TwinbergServer.start(config, EnumSet.of(role));
  }

  private static RESTCatalog catalog(TwinbergServer server, String name) {
    RESTCatalog catalog = new RESTCatalog();
    catalog.initialize(
        name,
        Map.of(
            "uri",
            "http://127.0.0.1:" + server.port() + "/catalogs/" + name,
            "io-impl",
            LocalFileIO.class.getName()));
    return catalog;
  }

  private static void append(Table table, String name) throws IOException {
    String path = table.location() + "/data/" + name + ".parquet";
    try (PositionOutputStream out = table.io().newOutputFile(path).create()) {
      out.write(new byte[] {1, 2, 3});
    }
    table
        .newAppend()
        .appendFile(
            DataFiles.builder(table.spec())
                .withPath(path)
                .withFormat("parquet")
                .withFileSizeInBytes(3)
                .withRecordCount(1)
                .build())
        .commit();
  }
}
