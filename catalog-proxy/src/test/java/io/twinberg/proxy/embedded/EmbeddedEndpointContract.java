package io.twinberg.proxy.embedded;

import static io.twinberg.proxy.embedded.EmbeddedServer.SCHEMA;

import io.twinberg.database.Database;
import io.twinberg.testing.DatabaseKind;
import io.twinberg.testing.Databases;
import io.twinberg.testing.OnEveryDatabase;
import io.twinberg.testing.PostgresServer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** What Iceberg's own REST client finds when it talks to an embedded catalog over HTTP. */
@OnEveryDatabase
abstract class EmbeddedEndpointContract {
  static final Namespace NS = Namespace.of("ns");
  static final TableIdentifier TABLE = TableIdentifier.of(NS, "t");
  static final TableIdentifier OTHER = TableIdentifier.of(NS, "u");

  Database database;
  EmbeddedServer server;
  RESTCatalog client;

  @Parameter DatabaseKind kind;
  @TempDir Path folder;
  private Optional<String> url = Optional.empty();

  /** Opens the database, with what earlier opens in the same test left in it. */
  Database openDatabase() {
    if (kind == DatabaseKind.H2) {
      return Databases.h2(folder);
    }
    url = Optional.of(url.orElseGet(PostgresServer.running()::createDatabase));
    return Databases.postgres(url.orElseThrow());
  }

  @BeforeEach
  void start() {
    database = openDatabase();
    server = new EmbeddedServer(database, "main", EmbeddedServer.freshWarehouse());
    client = server.client();
    client.createNamespace(NS);
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
  }

  void createView(TableIdentifier name) {
    client
        .buildView(name)
        .withSchema(SCHEMA)
        .withDefaultNamespace(NS)
        .withQuery("spark", "select 1")
        .create();
  }

  /** Iceberg's client asks maps for null, which immutable ones refuse. */
  static Map<String, String> properties(String... pairs) {
    Map<String, String> properties = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      properties.put(pairs[i], pairs[i + 1]);
    }
    return properties;
  }

  static TableMetadata metadata(Table table) {
    return ((BaseTable) table).operations().current();
  }

  static long snapshots(Table table) {
    return StreamSupport.stream(table.snapshots().spliterator(), false).count();
  }
}
