package io.twinberg.command;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.twinberg.config.ConfigLoader;
import io.twinberg.config.TwinbergConfig;
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
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A whole process with rules of the API only, three sources and three destinations. */
abstract class RulesServerSuite {
  static final Duration LONG = Duration.ofSeconds(120);
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));
  static final TableIdentifier ORDERS = TableIdentifier.of("sales", "orders");
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
  RESTCatalog source;

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

  RequestSpecification management() {
    return given().baseUri("http://127.0.0.1").port(server.managementPort());
  }

  static Table create(RESTCatalog catalog, TableIdentifier name) {
    if (!catalog.namespaceExists(name.namespace())) {
      catalog.createNamespace(name.namespace());
    }
    return catalog.createTable(name, SCHEMA);
  }

  static void append(Table table, String file) throws IOException {
    append(table, file, 4096);
  }

  static void append(Table table, String file, int bytes) throws IOException {
    Path path = Path.of(URI.create(table.location() + "/data/" + file + ".parquet"));
    Files.createDirectories(path.getParent());
    Files.write(path, new byte[bytes]);
    table
        .newAppend()
        .appendFile(
            DataFiles.builder(table.spec())
                .withPath(path.toUri().toString().replace("file:///", "file:/"))
                .withFileSizeInBytes(bytes)
                .withRecordCount(1)
                .build())
        .commit();
  }

  /** Makes the rule, or replaces whatever is there. */
  ValidatableResponse put(String source, String below, String body) {
    String path = path(source, below);
    boolean exists = management().get(path).statusCode() == 200;
    return management()
        .header(exists ? "If-Match" : "If-None-Match", "*")
        .contentType("application/json")
        .body(body)
        .put(path)
        .then();
  }

  ValidatableResponse delete(String source, String below) {
    return management().header("If-Match", "*").delete(path(source, below)).then();
  }

  private static String path(String source, String below) {
    return "/management/v1/sources/" + source + below + "/replication";
  }

  void awaitReplicas(Map<String, String> expected) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> {
              assertThat(replicas().keySet()).isEqualTo(new TreeMap<>(expected).keySet());
              assertThat(lifecycles()).containsExactlyInAnyOrderElementsOf(ofStatus(expected));
            });
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

  private List<String> lifecycles() {
    return management()
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

  void awaitSnapshot(String destination, TableIdentifier name, Table table) {
    long wanted = table.currentSnapshot().snapshotId();
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(snapshot(destination, name)).isEqualTo(wanted));
  }

  long snapshot(String destination, TableIdentifier name) throws IOException {
    try (RESTCatalog catalog = catalog(destination)) {
      return catalog.loadTable(name).currentSnapshot().snapshotId();
    }
  }

  RESTCatalog catalog(String name) {
    return ServedClients.of(server, name);
  }
}
