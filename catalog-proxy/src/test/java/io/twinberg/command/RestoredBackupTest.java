package io.twinberg.command;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import io.twinberg.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of "Restore" in docs/OPERATIONS.md, with an embedded source in the same database. */
class RestoredBackupTest {
  private static final String YAML =
      """
      server: { port: 0 }
      management: { port: 0 }
      replicator: { retry-initial: 100ms, retry-max: 500ms }
      access:
        tokens:
          - { name: etl, secret: s-etl, grants: ["write:main", "read:replica"] }
          - { name: ops, secret: s-ops, grants: ["manage:admin"] }
      """;
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "orders");

  @TempDir private Path folder;
  private TwinbergServer server;
  private RESTCatalog source;

  @BeforeEach
  void start() throws Exception {
    server =
        TwinbergServer.start(
            ConfigLoader.parse(YAML, folder, name -> null), EnumSet.allOf(Role.class));
    source = ServedClients.of(server, "main", "s-etl");
  }

  @AfterEach
  void stop() throws Exception {
    source.close();
    server.close();
  }

  private RequestSpecification ops() {
    return given()
        .baseUri("http://127.0.0.1")
        .port(server.managementPort())
        .header("Authorization", "Bearer s-ops");
  }

  private JsonPath status() {
    return ops().get("/management/v1/status").then().statusCode(200).extract().jsonPath();
  }

  private void createToken(String name) {
    ops()
        .contentType("application/json")
        .body(Map.of("name", name, "grants", List.of("read:replica")))
        .post("/management/v1/tokens")
        .then()
        .statusCode(201);
  }

  private List<String> tokens() {
    return ops().get("/management/v1/tokens").jsonPath().getList("tokens.name");
  }

  private long append(Table table, String name) throws IOException {
    Path file = Path.of(table.location().replaceFirst("^file:(//)?", ""), "data", name);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[] {1, 2, 3});
    DataFile added =
        DataFiles.builder(PartitionSpec.unpartitioned())
            .withPath(file.toUri().toString())
            .withFormat("parquet")
            .withFileSizeInBytes(3)
            .withRecordCount(1)
            .build();
    table.newAppend().appendFile(added).commit();
    return table.currentSnapshot().snapshotId();
  }

  /** What readers get: a replica that goes on from its bucket has no receipt in the database. */
  private void awaitReplica(long snapshot) throws Exception {
    try (RESTCatalog replicas = ServedClients.of(server, "replica", "s-etl")) {
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                assertThat(replicas.loadTable(ORDERS).currentSnapshot().snapshotId())
                    .isEqualTo(snapshot);
                assertThat(status().getString("replicas[0].state")).isEqualTo("completed");
              });
    }
  }

  private static String metadataOf(Table table) {
    return ((HasTableOperations) table).operations().current().metadataFileLocation();
  }

  /** The database as it was after the first of three commits; returns the last one's metadata. */
  private String restoreAfterTwoMoreCommits() throws Exception {
    source.createNamespace(ORDERS.namespace());
    Table orders =
        source.createTable(
            ORDERS, new Schema(Types.NestedField.required(1, "id", Types.LongType.get())));
    awaitReplica(append(orders, "a.parquet"));
    createToken("before");
    stop();
    Path file = folder.resolve("twinberg-data/twinberg.mv.db");
    byte[] backup = Files.readAllBytes(file);
    start();
    orders = source.loadTable(ORDERS);
    append(orders, "b.parquet");
    awaitReplica(append(orders, "c.parquet"));
    createToken("after");
    stop();
    Files.write(file, backup);
    start();
    return metadataOf(orders);
  }

  @Test
  void embeddedSource_lastMetadataRegisteredAfterTheRestore_hasAllCommitsAndItsReplicaToo()
      throws Exception {
    String last = restoreAfterTwoMoreCommits();
    assertThat(tokens()).contains("before").doesNotContain("after");
    assertThat(source.loadTable(ORDERS).snapshots()).hasSize(1);

    Table whole = source.registerTable(ORDERS, last, true);

    assertThat(whole.snapshots()).hasSize(3);
    awaitReplica(whole.currentSnapshot().snapshotId());
    awaitReplica(append(source.loadTable(ORDERS), "d.parquet"));
    assertThat(status().getList("replicas")).hasSize(1);
  }

  @Test
  void embeddedSource_commitOnTheRestoredTable_replicaStandsStillAndNamesTheMetadata()
      throws Exception {
    String last = restoreAfterTwoMoreCommits();
    append(source.loadTable(ORDERS), "other.parquet");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(status().getString("replicas[0].lastError.code"))
                    .isEqualTo("DATABASE_BEHIND"));
    assertThat(status().getString("replicas[0].lastError.message")).contains(last);

    Table whole = source.registerTable(ORDERS, last, true);
    awaitReplica(whole.currentSnapshot().snapshotId());
  }
}
