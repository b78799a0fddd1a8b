package io.twinberg.proxy.replica;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
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
import io.twinberg.proxy.testing.RawClient;
import io.twinberg.replica.MirroredNamespace;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Replicas;
import io.twinberg.status.ReplicaWorld;
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
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.view.BaseView;
import org.apache.iceberg.view.View;
import org.apache.iceberg.view.ViewMetadataParser;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replicas as Iceberg's own REST client sees them through the real listener. */
class ReplicaEndpointTest {
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "eu", "orders");
  private static final String ORDERS_PATH = "/v1/eu/namespaces/sales%1Feu/tables/orders";
  private static final Map<String, String> CLIENT =
      Map.of("s3.endpoint", "http://reader.example", "s3.region", "eu-1");
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger statements = new AtomicInteger();
  private final List<Integer> loads = new CopyOnWriteArrayList<>();
  private final InMemoryCatalog origin = new InMemoryCatalog();
  private Database database;
  private ReplicaWorld world;
  private MirroredNamespaces mirrored;
  private CatalogListener listener;
  private RESTCatalog catalog;

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

  private byte[] read(String location) {
    reads.incrementAndGet();
    return files.get(location);
  }

  private CatalogAnswer watched(ServedCatalog endpoint, CatalogCall call) {
    CatalogAnswer answer = endpoint.answer(call);
    if (call.method().equals("GET") && call.path().endsWith("/tables/orders")) {
      loads.add(answer.status());
    }
    return answer;
  }

  private SqlLogger counting() {
    return new SqlLogger() {
      @Override
      public void logBeforeExecution(StatementContext context) {
        statements.incrementAndGet();
      }
    };
  }

  private RESTCatalog client(Map<String, String> options) {
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

  private RequestSpecification raw() {
    return given()
        .baseUri("http://127.0.0.1")
        .port(listener.port())
        .basePath("/catalogs/eu")
        .urlEncodingEnabled(false);
  }

  /** A table with commits, the last of which is the only snapshot that a branch names. */
  private Table origin(TableIdentifier name, int commits) {
    if (!origin.namespaceExists(name.namespace())) {
      origin.createNamespace(name.namespace());
    }
    Table table = origin.createTable(name, SCHEMA);
    for (int i = 0; i < commits; i++) {
      table.newAppend().commit();
    }
    return table;
  }

  private TableMetadata publish(Replica replica, SourceTable source, Table table) {
    TableMetadata metadata = ((HasTableOperations) table).operations().refresh();
    String location = "s3://replica/" + files.size() + ".metadata.json";
    files.put(location, TableMetadataParser.toJson(metadata).getBytes(StandardCharsets.UTF_8));
    world.publish(replica, world.commit(source), location);
    return metadata;
  }

  private Replica replicated(TableIdentifier name, int commits) {
    SourceTable source = world.table("prod", name);
    Replica replica = world.replica(source, "eu");
    publish(replica, source, origin(name, commits));
    return replica;
  }

  @Test
  void load_givesTheTableAsItsMetadataSays() {
    SourceTable source = world.table("prod", ORDERS);
    Replica replica = world.replica(source, "eu");
    TableMetadata published = publish(replica, source, origin(ORDERS, 2));

    Table loaded = catalog.loadTable(ORDERS);

    TableMetadata seen = ((HasTableOperations) loaded).operations().current();
    assertThat(TableMetadataParser.toJson(seen)).isEqualTo(TableMetadataParser.toJson(published));
    assertThat(seen.metadataFileLocation()).isEqualTo("s3://replica/0.metadata.json");
    assertThat(catalog.tableExists(ORDERS)).isTrue();
    assertThat(catalog.tableExists(TableIdentifier.of("sales", "eu", "none"))).isFalse();
  }

  @Test
  void load_handsOutTheClientsSettingsAndNoOthers() {
    replicated(ORDERS, 1);
    JsonPath json = raw().get(ORDERS_PATH).then().statusCode(200).extract().jsonPath();
    Map<String, String> expected = new HashMap<>(CLIENT);
    expected.put("scan-planning-mode", "client");
    assertThat(json.getMap("config")).isEqualTo(expected);
    assertThat(json.getMap("").keySet())
        .map(Object::toString)
        .containsExactlyInAnyOrder("metadata-location", "metadata", "config");
    assertThat(new ReadAccess.Static(CLIENT).toString()).doesNotContain("reader.example");
  }

  @Test
  void load_withTheTag_isNotModifiedUntilAPublication() {
    SourceTable source = world.table("prod", ORDERS);
    Replica replica = world.replica(source, "eu");
    Table table = origin(ORDERS, 1);
    publish(replica, source, table);
    Response first = raw().get(ORDERS_PATH);
    String tag = first.header("ETag");
    for (String header : List.of(tag, "W/" + tag, "\"x\", " + tag)) {
      Response again = raw().header("If-None-Match", header).get(ORDERS_PATH);
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.header("ETag")).isEqualTo(tag);
      assertThat(again.asByteArray()).isEmpty();
    }
    // Another representation has another tag.
    Response refs = raw().header("If-None-Match", tag).get(ORDERS_PATH + "?snapshots=refs");
    assertThat(refs.statusCode()).isEqualTo(200);
    assertThat(refs.header("ETag")).isNotEqualTo(tag);

    table.newAppend().commit();
    publish(replica, source, table);

    Response changed = raw().header("If-None-Match", tag).get(ORDERS_PATH);
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(changed.jsonPath().getList("metadata.snapshots")).hasSize(2);
  }

  @Test
  void client_thatLoadsAgain_getsNotModifiedThenTheNewVersion() {
    SourceTable source = world.table("prod", ORDERS);
    Replica replica = world.replica(source, "eu");
    Table table = origin(ORDERS, 1);
    publish(replica, source, table);
    catalog.loadTable(ORDERS);
    catalog.loadTable(ORDERS);
    assertThat(loads).containsExactly(200, 304);

    table.newAppend().commit();
    publish(replica, source, table);

    assertThat(catalog.loadTable(ORDERS).currentSnapshot()).isEqualTo(table.currentSnapshot());
    assertThat(loads).containsExactly(200, 304, 200);
  }

  @Test
  void load_keptInMemory_asksNeitherDatabaseNorStoreUntilAPublication() {
    SourceTable source = world.table("prod", ORDERS);
    Replica replica = world.replica(source, "eu");
    Table table = origin(ORDERS, 1);
    publish(replica, source, table);
    raw().get(ORDERS_PATH).then().statusCode(200);
    statements.set(0);
    reads.set(0);
    for (int i = 0; i < 3; i++) {
      raw().get(ORDERS_PATH).then().statusCode(200);
    }
    assertThat(statements).hasValue(0);
    assertThat(reads).hasValue(0);

    publish(replica, source, table);

    raw()
        .get(ORDERS_PATH)
        .then()
        .statusCode(200)
        .body("'metadata-location'", is("s3://replica/1.metadata.json"));
    assertThat(reads).hasValue(1);
    assertThat(statements.get()).isPositive();
  }

  @Test
  void snapshotsByRefs_leaveOutWhatNoBranchNamesAndNothingElse() throws Exception {
    SourceTable source = world.table("prod", ORDERS);
    Replica replica = world.replica(source, "eu");
    Table table = origin(ORDERS, 4);
    List<Snapshot> all = snapshots(table);
    table.manageSnapshots().createTag("kept", all.get(1).snapshotId()).commit();
    publish(replica, source, table);

    JsonPath whole = raw().get(ORDERS_PATH).jsonPath();
    JsonPath refs = raw().get(ORDERS_PATH + "?snapshots=refs").jsonPath();
    assertThat(refs.getList("metadata.snapshots.'snapshot-id'", Long.class))
        .containsExactly(all.get(1).snapshotId(), all.get(3).snapshotId());
    Map<String, Object> rest = new HashMap<>(refs.getMap("metadata"));
    Map<String, Object> wholeRest = new HashMap<>(whole.getMap("metadata"));
    rest.remove("snapshots");
    wholeRest.remove("snapshots");
    assertThat(rest).isEqualTo(wholeRest);
    try (RESTCatalog lazy = client(Map.of("snapshot-loading-mode", "refs"))) {
      Table loaded = lazy.loadTable(ORDERS);
      assertThat(loaded.currentSnapshot()).isEqualTo(table.currentSnapshot());
      assertThat(snapshots(loaded)).hasSize(4);
    }
    raw().get(ORDERS_PATH + "?snapshots=some").then().statusCode(400);
  }

  private static List<Snapshot> snapshots(Table table) {
    List<Snapshot> snapshots = new CopyOnWriteArrayList<>();
    table.snapshots().forEach(snapshots::add);
    return snapshots;
  }

  @Test
  void listings_showPublishedTablesInNestedNamespacesPageByPage() throws Exception {
    for (int i = 0; i < 5; i++) {
      replicated(TableIdentifier.of("sales", "eu", "t" + i), 0);
    }
    replicated(TableIdentifier.of("sales", "top"), 0);
    replicated(TableIdentifier.of("hr", "people"), 0);
    world.replica(world.table("prod", TableIdentifier.of("later", "t")), "eu");
    Namespace nested = Namespace.of("sales", "eu");

    try (RESTCatalog paging = client(Map.of("rest-page-size", "2"))) {
      for (RESTCatalog client : List.of(catalog, paging)) {
        assertThat(client.listNamespaces())
            .containsExactly(Namespace.of("hr"), Namespace.of("sales"));
        assertThat(client.listNamespaces(Namespace.of("sales"))).containsExactly(nested);
        assertThat(client.listTables(nested))
            .extracting(TableIdentifier::name)
            .containsExactly("t0", "t1", "t2", "t3", "t4");
        assertThat(client.listTables(Namespace.of("sales")))
            .containsExactly(TableIdentifier.of("sales", "top"));
      }
    }
    assertThat(catalog.namespaceExists(nested)).isTrue();
    assertThat(catalog.loadNamespaceMetadata(nested)).isEmpty();
    assertThat(catalog.namespaceExists(Namespace.of("later"))).isFalse();
    assertThatThrownBy(() -> catalog.listTables(Namespace.of("none")))
        .isInstanceOf(NoSuchNamespaceException.class);
  }

  @Test
  void namespace_thatIsEmpty_standsWithItsProperties() {
    Namespace nested = Namespace.of("sales", "ünï %c.d");
    world.table("prod", TableIdentifier.of("later", "t"));
    mirrored.put(
        new MirroredNamespace(
            "n1", "prod", nested, "eu", nested, "s3://eu/n1", Map.of("owner", "jo"), false, 1));
    assertThat(catalog.listNamespaces()).containsExactly(Namespace.of("sales"));
    assertThat(catalog.listNamespaces(Namespace.of("sales"))).containsExactly(nested);
    assertThat(catalog.loadNamespaceMetadata(nested)).isEqualTo(Map.of("owner", "jo"));
    assertThat(catalog.loadNamespaceMetadata(Namespace.of("sales"))).isEmpty();
    assertThat(catalog.listTables(nested)).isEmpty();
    assertThat(catalog.listViews(nested)).isEmpty();
    mirrored.dropped("prod", nested);
    assertThat(catalog.namespaceExists(nested)).isFalse();
  }

  @Test
  void view_isServedBesideTables_andIsNoTable() {
    replicated(ORDERS, 1);
    TableIdentifier totals = TableIdentifier.of("sales", "eu", "totals");
    View view = viewAt(totals, "select 1");
    publishView(totals, view);

    View served = catalog.loadView(totals);

    assertThat(served.uuid()).isEqualTo(view.uuid());
    assertThat(served.versions()).isEqualTo(view.versions());
    assertThat(catalog.viewExists(totals)).isTrue();
    assertThat(catalog.listViews(totals.namespace())).containsExactly(totals);
    assertThat(catalog.listTables(totals.namespace())).containsExactly(ORDERS);
    assertThat(catalog.tableExists(totals)).isFalse();
    assertThat(catalog.viewExists(ORDERS)).isFalse();
    assertThatThrownBy(() -> catalog.loadView(ORDERS)).isInstanceOf(NoSuchViewException.class);
    assertThatThrownBy(() -> catalog.loadTable(totals)).isInstanceOf(NoSuchTableException.class);
  }

  private View viewAt(TableIdentifier name, String sql) {
    return origin
        .buildView(name)
        .withSchema(SCHEMA)
        .withQuery("spark", sql)
        .withDefaultNamespace(name.namespace())
        .create();
  }

  private void publishView(TableIdentifier name, View view) {
    SourceTable source = world.view("prod", name);
    Replica replica = world.replica(source, "eu");
    String location = "s3://replica/" + files.size() + ".metadata.json";
    String json = ViewMetadataParser.toJson(((BaseView) view).operations().current());
    files.put(location, json.getBytes(StandardCharsets.UTF_8));
    world.publish(replica, world.commit(source), location);
  }

  @Test
  void page_ofTwo_hasATokenForTheRest() {
    for (int i = 0; i < 3; i++) {
      replicated(TableIdentifier.of("n", "t" + i), 0);
    }
    String path = "/v1/eu/namespaces/n/tables?pageSize=2&pageToken=";
    JsonPath first = raw().get(path).jsonPath();
    assertThat(first.getList("identifiers.name")).isEqualTo(List.of("t0", "t1"));
    JsonPath second = raw().get(path + first.getString("next-page-token")).jsonPath();
    assertThat(second.getList("identifiers.name")).isEqualTo(List.of("t2"));
    assertThat(second.getString("next-page-token")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/eu/namespaces?pageToken=&pageSize=x",
    "/v1/eu/namespaces?pageToken=&pageSize=0",
    "/v1/eu/namespaces?parent=%zz",
    "/v1/eu/namespaces/%zz",
    "/v1/eu/namespaces/n/tables/%zz",
    "/v1/eu/namespaces/n/tables/%FF"
  })
  void call_thatCannotBeRead_isABadRequest(String path) throws Exception {
    replicated(TableIdentifier.of("n", "t"), 0);
    String answer = RawClient.get(listener.port(), "/catalogs/eu" + path);
    assertThat(RawClient.status(answer)).isEqualTo(400);
    assertThat(answer).contains("\"type\":\"BadRequestException\"");
  }

  @Test
  void replica_notPublishedYet_isMissingAndSaysWhy() {
    world.replica(world.table("prod", ORDERS), "eu");
    raw()
        .get(ORDERS_PATH)
        .then()
        .statusCode(404)
        .body("error.type", is("NoSuchTableException"))
        .body("error.message", containsString("its first copy is under way, see twinberg status"));
    assertThatThrownBy(() -> catalog.loadTable(ORDERS)).isInstanceOf(NoSuchTableException.class);
    raw()
        .get("/v1/eu/namespaces/sales%1Feu/tables/other")
        .then()
        .statusCode(404)
        .body("error.message", is("Table does not exist: sales.eu.other"));
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/v1/eu/namespaces",
    "DELETE,/v1/eu/namespaces/sales%1Feu",
    "POST,/v1/eu/namespaces/sales%1Feu/properties",
    "POST,/v1/eu/namespaces/sales%1Feu/tables",
    "POST,/v1/eu/namespaces/sales%1Feu/register",
    "POST,/v1/eu/namespaces/sales%1Feu/tables/orders",
    "DELETE,/v1/eu/namespaces/sales%1Feu/tables/orders",
    "DELETE,/v1/eu/namespaces/sales%1Feu/tables/orders?purgeRequested=true",
    "POST,/v1/eu/tables/rename",
    "POST,/v1/eu/transactions/commit",
    "POST,/v1/eu/namespaces/sales%1Feu/views",
    "POST,/v1/eu/namespaces/sales%1Feu/views/v",
    "DELETE,/v1/eu/namespaces/sales%1Feu/views/v",
    "POST,/v1/eu/views/rename",
    "PUT,/v1/eu/anything"
  })
  void mutation_isForbiddenAndChangesNothing(String method, String path) {
    Replica replica = replicated(ORDERS, 1);
    Replica before = world.replicas().find(replica.id()).orElseThrow();
    raw()
        .contentType("application/json")
        .body("{}")
        .request(method, path)
        .then()
        .statusCode(403)
        .body("error.type", is("ForbiddenException"))
        .body("error.code", is(403))
        .body("error.message", containsString("read-only"));
    assertThat(world.replicas().find(replica.id())).contains(before);
    assertThat(catalog.loadTable(ORDERS).currentSnapshot()).isNotNull();
  }

  @Test
  void commit_ofAClient_isRefusedAndChangesNothing() {
    replicated(ORDERS, 1);
    Table loaded = catalog.loadTable(ORDERS);
    long before = loaded.currentSnapshot().snapshotId();
    assertThatThrownBy(() -> loaded.updateProperties().set("a", "b").commit())
        .isInstanceOfAny(ForbiddenException.class, UnsupportedOperationException.class);
    assertThatThrownBy(() -> catalog.dropTable(ORDERS))
        .isInstanceOfAny(ForbiddenException.class, UnsupportedOperationException.class);
    assertThat(catalog.loadTable(ORDERS).currentSnapshot().snapshotId()).isEqualTo(before);
  }
}
