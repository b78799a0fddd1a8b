package io.twinberg.command;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.twinberg.config.ConfigLoader;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.proxy.testing.DescribedAnswers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules of the API in a whole process: what they make of replicas. */
class RulesServerTest {
  private static final Duration LONG = Duration.ofSeconds(120);
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "orders");
  private static final TableIdentifier ITEMS = TableIdentifier.of("sales", "items");
  private static final String OPERATIONS = "/management/v1/operations";
  private static final String YAML =
      """
      server: { port: 0 }
      management: { port: 0 }
      sources:
        one: { default: true }
        two: {}
        three: {}
      destinations:
        eu: { root: ./eu, retention: { snapshots: forever } }
        us: { root: ./us, retention: { snapshots: forever } }
        all: { root: ./all, retention: { snapshots: forever }, namespace-mapping: "{source}.{namespace}" }
      """;

  @TempDir private Path folder;
  private TwinbergServer server;
  private RESTCatalog source;

  @BeforeEach
  void start() {
    TwinbergConfig config = ConfigLoader.parse(YAML, folder, name -> null);
    server = TwinbergServer.start(config, EnumSet.allOf(Role.class));
    source = catalog("one");
  }

  @AfterEach
  void stop() throws IOException {
    source.close();
    server.close();
  }

  @Test
  void rules_theNarrowestReplacesWiderOnesWhole() throws IOException {
    create(source, ORDERS);
    create(source, ITEMS);
    create(source, TableIdentifier.of("hr", "people"));

    put("one", "", "{\"destinations\":[\"eu\"]}").statusCode(201);
    awaitReplicas(
        Map.of("eu sales.orders", "active", "eu sales.items", "active", "eu hr.people", "active"));

    put("one", "/namespaces/sales", "{\"destinations\":[\"us\"]}")
        .statusCode(201)
        .body("effects.destinations.us.begin", is(2))
        .body("effects.destinations.eu.stop", is(2));
    put("one", "/namespaces/sales/tables/items", "{\"destinations\":[\"eu\",\"us\"]}")
        .statusCode(201);
    awaitReplicas(
        Map.of(
            "eu sales.orders", "unmatched",
            "us sales.orders", "active",
            "eu sales.items", "active",
            "us sales.items", "active",
            "eu hr.people", "active"));

    delete("one", "/namespaces/sales").statusCode(200);
    awaitReplicas(
        Map.of(
            "eu sales.orders", "active",
            "us sales.orders", "unmatched",
            "eu sales.items", "active",
            "us sales.items", "active",
            "eu hr.people", "active"));
  }

  @Test
  void plan_asIfARuleWerePut_isWhatItThenCopies() throws IOException {
    Table orders = create(source, ORDERS);
    append(orders, "a");
    Table items = create(source, ITEMS);
    append(items, "b");
    put("one", "/namespaces/sales/tables/items", "{\"destinations\":[\"us\"]}").statusCode(201);
    awaitSnapshot("us", ITEMS, items);

    planned("{\"kind\":\"plan\",\"source\":\"one\",\"rule\":{\"destinations\":[\"eu\"]}}")
        .body("result.ok", is(true))
        .body("result.reports.table", is(List.of("orders")))
        .body("result.begin", is(1))
        .body("result.toCopy.files", is(1))
        .body("result.toCopy.bytes", is(4096));
    planned(
            "{\"kind\":\"plan\",\"source\":\"one\",\"rule\":{\"destinations\":[\"eu\"],\"status\":\"disabled\"}}")
        .body("result.replicas", is(0));
    put("one", "", "{\"destinations\":[\"eu\"]}").statusCode(201);
    awaitSnapshot("eu", ORDERS, orders);
    planned("{\"kind\":\"plan\",\"source\":\"one\"}")
        .body("result.replicas", is(2))
        .body("result.destinations.destination", is(List.of("eu", "us")))
        .body("result.total.files", is(2))
        .body("result.toCopy.files", is(0))
        .body(
            "summary",
            is("0 files (0 bytes) to copy of 2 files (8,192 bytes) in 2 replicas of 2 tables"));
  }

  private ValidatableResponse planned(String body) {
    String operation =
        management().contentType("application/json").body(body).post(OPERATIONS).header("Location");
    await()
        .atMost(LONG)
        .until(() -> management().get(operation).jsonPath().getString("state").equals("completed"));
    return management().get(operation).then();
  }

  private RequestSpecification management() {
    return given()
        .filter(new DescribedAnswers())
        .baseUri("http://127.0.0.1")
        .port(server.managementPort());
  }

  @Test
  void rule_switchedOffAndOn_leavesTheReplicaReadableAndCatchesUp() throws IOException {
    Table table = create(source, ORDERS);
    append(table, "a");
    put("one", "/namespaces/sales", "{\"destinations\":[\"eu\"]}");
    awaitSnapshot("eu", ORDERS, table);
    long before = table.currentSnapshot().snapshotId();

    put("one", "/namespaces/sales", "{\"destinations\":[\"eu\"],\"status\":\"disabled\"}")
        .statusCode(200)
        .body("effects.sentences[0]", containsString("no longer updated; it stays readable"));
    awaitReplicas(Map.of("eu sales.orders", "unmatched"));
    append(table, "b");
    TableIdentifier late = TableIdentifier.of("sales", "late");
    create(source, late);
    awaitLogged(late);
    assertThat(snapshot("eu", ORDERS)).isEqualTo(before);

    put("one", "/namespaces/sales", "{\"destinations\":[\"eu\"]}")
        .statusCode(200)
        .body("effects.destinations.eu.resume", is(1));
    awaitSnapshot("eu", ORDERS, table);
    awaitReplicas(Map.of("eu sales.orders", "active", "eu sales.late", "active"));
  }

  @Test
  void tables_renamedIntoAndOutOfARule_beginAndStop() throws IOException {
    create(source, ORDERS);
    source.createNamespace(Namespace.of("archive"));
    put("one", "/namespaces/archive", "{\"destinations\":[\"us\"]}").statusCode(201);
    TableIdentifier inside = TableIdentifier.of("archive", "orders");

    source.renameTable(ORDERS, inside);
    awaitReplicas(Map.of("us archive.orders", "active"));
    source.renameTable(inside, ORDERS);
    awaitReplicas(Map.of("us archive.orders", "unmatched"));
    append(source.loadTable(ORDERS), "later");
    source.renameTable(ORDERS, inside);
    awaitReplicas(Map.of("us archive.orders", "active"));
    awaitSnapshot("us", inside, source.loadTable(inside));
  }

  @Test
  void sources_gatheredInOneDestination_areToldApartByTheMapping() throws IOException {
    try (RESTCatalog two = catalog("two");
        RESTCatalog three = catalog("three")) {
      for (RESTCatalog each : List.of(source, two, three)) {
        create(each, ORDERS);
      }
      for (String name : List.of("one", "two", "three")) {
        put(name, "", "{\"destinations\":[\"all\"]}").statusCode(201);
      }
      awaitReplicas(
          Map.of(
              "all one.sales.orders", "active",
              "all two.sales.orders", "active",
              "all three.sales.orders", "active"));

      put("one", "/namespaces/sales/tables/orders", "{\"destinations\":[\"all\",\"eu\"]}")
          .statusCode(201);
      put("two", "/namespaces/sales/tables/orders", "{\"destinations\":[\"eu\"]}")
          .statusCode(409)
          .body("error.message", containsString("table sales.orders of one"))
          .body("error.message", containsString("table sales.orders of two"))
          .body("error.message", containsString("namespace-mapping"));
      awaitReplicas(
          Map.of(
              "all one.sales.orders", "active",
              "eu sales.orders", "active",
              "all two.sales.orders", "active",
              "all three.sales.orders", "active"));
    }
  }

  /** Whatever a change meets under way, each replica is some version of its source, whole. */
  @Test
  void rule_editedWhileCopiesRun_publishesNothingWrong() throws IOException {
    Table table = create(source, ORDERS);
    append(table, "first");
    List<String> bodies =
        List.of(
            "{\"destinations\":[\"eu\"]}",
            "{\"destinations\":[\"eu\",\"us\"],\"backfill\":\"heads-first\"}",
            "{\"destinations\":[\"us\"]}",
            "{\"destinations\":[\"eu\"],\"status\":\"disabled\"}");
    for (int i = 0; i < 24; i++) {
      append(table, "f" + i);
      put("one", "", bodies.get(i % bodies.size()));
    }
    put("one", "", "{\"destinations\":[\"eu\",\"us\"]}").statusCode(200);

    for (String destination : List.of("eu", "us")) {
      awaitSnapshot(destination, ORDERS, table);
      Table replica = catalog(destination).loadTable(ORDERS);
      // Where the heads went first, the history comes behind them.
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> {
                replica.refresh();
                assertThat(replica.snapshots()).hasSameSizeAs(table.snapshots());
              });
      try (CloseableIterable<FileScanTask> files = replica.newScan().planFiles()) {
        assertThat(files)
            .hasSize(25)
            .allSatisfy(file -> assertThat(Path.of(URI.create(file.file().location()))).exists());
      }
    }
    given()
        .baseUri("http://127.0.0.1")
        .port(server.managementPort())
        .get("/management/v1/status")
        .then()
        .body("counts.failed", is(0));
  }

  private static Table create(RESTCatalog catalog, TableIdentifier name) {
    if (!catalog.namespaceExists(name.namespace())) {
      catalog.createNamespace(name.namespace());
    }
    return catalog.createTable(name, SCHEMA);
  }

  private static void append(Table table, String file) throws IOException {
    Path path = Path.of(URI.create(table.location() + "/data/" + file + ".parquet"));
    Files.createDirectories(path.getParent());
    Files.write(path, new byte[4096]);
    table
        .newAppend()
        .appendFile(
            DataFiles.builder(table.spec())
                .withPath(path.toUri().toString().replace("file:///", "file:/"))
                .withFileSizeInBytes(4096)
                .withRecordCount(1)
                .build())
        .commit();
  }

  private static String path(String source, String below) {
    return "/management/v1/sources/" + source + below + "/replication";
  }

  /** Makes the rule, or replaces whatever is there. */
  private ValidatableResponse put(String source, String below, String body) {
    String path = path(source, below);
    boolean exists =
        given().baseUri("http://127.0.0.1").port(server.managementPort()).get(path).statusCode()
            == 200;
    return given()
        .baseUri("http://127.0.0.1")
        .port(server.managementPort())
        .header(exists ? "If-Match" : "If-None-Match", "*")
        .contentType("application/json")
        .body(body)
        .put(path)
        .then();
  }

  private ValidatableResponse delete(String source, String below) {
    return given()
        .baseUri("http://127.0.0.1")
        .port(server.managementPort())
        .header("If-Match", "*")
        .delete(path(source, below))
        .then();
  }

  /** All replicas by destination and name at it, with their lifecycles. */
  private Map<String, String> replicas() {
    Map<String, String> replicas = new TreeMap<>();
    for (String destination : List.of("eu", "us", "all")) {
      try (RESTCatalog catalog = catalog(destination)) {
        for (Namespace namespace : namespaces(catalog, Namespace.empty())) {
          catalog
              .listTables(namespace)
              .forEach(table -> replicas.put(destination + " " + table, "?"));
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return replicas;
  }

  private static List<Namespace> namespaces(RESTCatalog catalog, Namespace above) {
    return catalog.listNamespaces(above).stream()
        .flatMap(one -> Stream.concat(Stream.of(one), namespaces(catalog, one).stream()))
        .toList();
  }

  private void awaitReplicas(Map<String, String> expected) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> {
              assertThat(replicas().keySet()).isEqualTo(new TreeMap<>(expected).keySet());
              assertThat(lifecycles()).containsExactlyInAnyOrderElementsOf(ofStatus(expected));
            });
  }

  private List<String> lifecycles() {
    return given()
        .baseUri("http://127.0.0.1")
        .port(server.managementPort())
        .get("/management/v1/status")
        .then()
        .extract()
        .jsonPath()
        .getList("replicas.collect { it.destination + ' ' + it.table + ' ' + it.lifecycle }");
  }

  /** The status names tables as their sources do. */
  private static List<String> ofStatus(Map<String, String> expected) {
    return expected.entrySet().stream()
        .map(
            one -> {
              String destination = one.getKey().substring(0, one.getKey().indexOf(' '));
              String table = one.getKey().substring(one.getKey().lastIndexOf('.') + 1);
              return destination + " " + table + " " + one.getValue();
            })
        .toList();
  }

  private void awaitLogged(TableIdentifier name) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                given()
                    .baseUri("http://127.0.0.1")
                    .port(server.managementPort())
                    .get(
                        "/management/v1/sources/one/namespaces/"
                            + name.namespace()
                            + "/tables/"
                            + name.name()
                            + "/status")
                    .then()
                    .statusCode(200));
  }

  private void awaitSnapshot(String destination, TableIdentifier name, Table table) {
    long wanted = table.currentSnapshot().snapshotId();
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(snapshot(destination, name)).isEqualTo(wanted));
  }

  private long snapshot(String destination, TableIdentifier name) throws IOException {
    try (RESTCatalog catalog = catalog(destination)) {
      return catalog.loadTable(name).currentSnapshot().snapshotId();
    }
  }

  private RESTCatalog catalog(String name) {
    RESTCatalog catalog = new RESTCatalog();
    catalog.initialize(
        name,
        Map.of(
            "uri",
            "http://127.0.0.1:" + server.port() + "/catalogs/" + name,
            "io-impl",
            "io.twinberg.storage.LocalFileIO"));
    return catalog;
  }
}
