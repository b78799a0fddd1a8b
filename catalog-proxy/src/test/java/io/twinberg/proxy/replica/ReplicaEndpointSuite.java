package io.twinberg.proxy.replica;

import static io.restassured.RestAssured.given;

import io.restassured.specification.RequestSpecification;
import io.twinberg.database.Database;
import io.twinberg.log.SourceTable;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.http.CatalogListener;
import io.twinberg.proxy.http.FixedDirectory;
import io.twinberg.proxy.http.FixedDirectory.Entry;
import io.twinberg.proxy.http.ListenerSettings;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Replicas;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.storage.StoreException;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Replicas in a database, served to Iceberg's own client and to plain HTTP. */
abstract class ReplicaEndpointSuite {
  static final TableIdentifier ORDERS = TableIdentifier.of("sales", "eu", "orders");
  static final String ORDERS_PATH = "/v1/eu/namespaces/sales%1Feu/tables/orders";
  static final Map<String, String> CLIENT =
      Map.of("s3.endpoint", "http://reader.example", "s3.region", "eu-1");
  static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  @TempDir private Path folder;
  final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  final Map<String, byte[]> files = new ConcurrentHashMap<>();
  final AtomicInteger reads = new AtomicInteger();
  final AtomicInteger statements = new AtomicInteger();
  final List<Integer> loads = new CopyOnWriteArrayList<>();
  final InMemoryCatalog origin = new InMemoryCatalog();
  volatile Optional<StoreException.Kind> storeFailure = Optional.empty();
  Database database;
  ReplicaWorld world;
  MirroredNamespaces mirrored;
  CatalogListener listener;
  RESTCatalog catalog;

  @BeforeEach
  void start() {
    origin.initialize("origin", Map.of());
    database = Databases.h2(folder);
    Replicas replicas = new Replicas(database, clock);
    mirrored = new MirroredNamespaces(database, clock);
    ReplicaPointers pointers = new ReplicaPointers(replicas, database.shared());
    world = new ReplicaWorld(database, clock, pointers);
    ServedCatalog endpoint =
        new ReplicaEndpoint(
            "eu",
            replicas,
            mirrored,
            pointers,
            new MetadataBytes(1 << 20, this::read),
            new ReadAccess.Static(CLIENT));
    listener =
        new CatalogListener(
            ListenerSettings.at("127.0.0.1", 0),
            new FixedDirectory(
                Map.of("eu", new Entry(() -> call -> watched(endpoint, call), Optional.empty())),
                Optional.empty()),
            AccessPolicy.open(),
            List.of());
    listener.start();
    catalog = client(Map.of());
    database.jdbi().setSqlLogger(counting());
  }

  byte[] read(String location) {
    reads.incrementAndGet();
    storeFailure.ifPresent(
        kind -> {
          throw new StoreException(kind, location, "Cannot read " + location + ": it is so");
        });
    return files.get(location);
  }

  CatalogAnswer watched(ServedCatalog endpoint, CatalogCall call) {
    CatalogAnswer answer = endpoint.answer(call);
    if (call.method().equals("GET") && call.path().endsWith("/tables/orders")) {
      loads.add(answer.status());
    }
    return answer;
  }

  SqlLogger counting() {
    return new SqlLogger() {
      @Override
      public void logBeforeExecution(StatementContext context) {
        statements.incrementAndGet();
      }
    };
  }

  RESTCatalog client(Map<String, String> options) {
    Map<String, String> properties = new HashMap<>(options);
    properties.put("uri", "http://127.0.0.1:" + listener.port() + "/catalogs/eu");
    properties.put("io-impl", "org.apache.iceberg.inmemory.InMemoryFileIO");
    RESTCatalog client = new RESTCatalog();
    client.initialize("eu", properties);
    return client;
  }

  @AfterEach
  void stop() throws Exception {
    catalog.close();
    listener.close();
    database.close();
    origin.close();
  }

  RequestSpecification raw() {
    return given()
        .baseUri("http://127.0.0.1")
        .port(listener.port())
        .basePath("/catalogs/eu")
        .urlEncodingEnabled(false);
  }

  /** A table with commits, the last of which is the only snapshot that a branch names. */
  Table origin(TableIdentifier name, int commits) {
    if (!origin.namespaceExists(name.namespace())) {
      origin.createNamespace(name.namespace());
    }
    Table table = origin.createTable(name, SCHEMA);
    for (int i = 0; i < commits; i++) {
      table.newAppend().commit();
    }
    return table;
  }

  TableMetadata publish(Replica replica, SourceTable source, Table table) {
    TableMetadata metadata = ((HasTableOperations) table).operations().refresh();
    String location = "s3://replica/" + files.size() + ".metadata.json";
    files.put(location, TableMetadataParser.toJson(metadata).getBytes(StandardCharsets.UTF_8));
    world.publish(replica, world.commit(source), location);
    return metadata;
  }

  Replica replicated(TableIdentifier name, int commits) {
    SourceTable source = world.table("prod", name);
    Replica replica = world.replica(source, "eu");
    publish(replica, source, origin(name, commits));
    return replica;
  }
}
