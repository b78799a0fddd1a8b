package io.twinberg.command;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import io.twinberg.config.ConfigLoader;
import io.twinberg.config.TwinbergConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole process, started from a configuration, with both listeners on free ports. */
class TwinbergServerTest {
  private static final String YAML =
      """
      server: { port: 0 }
      management: { port: 0 }
      access:
        tokens:
          - { name: etl, secret: s-etl, grants: ["write:main", "read:replica"] }
          - { name: ops, secret: s-ops, grants: ["manage:viewer"] }
      """;

  @TempDir private Path folder;

  private static RequestSpecification at(int port) {
    return given().baseUri("http://127.0.0.1").port(port);
  }

  @Test
  void commit_throughTheEmbeddedCatalog_isCompletedInTheStatus() throws Exception {
    TwinbergConfig config = ConfigLoader.parse(YAML, folder, name -> null);
    try (TwinbergServer server = TwinbergServer.start(config, EnumSet.allOf(Role.class));
        RESTCatalog source = catalog(server, "main");
        RESTCatalog replicas = catalog(server, "replica")) {
      for (int port : new int[] {server.port(), server.managementPort()}) {
        at(port).get("/health/live").then().statusCode(200).body("status", is("up"));
        at(port).get("/health/ready").then().statusCode(200).body("checks.database", is("ok"));
      }
      TableIdentifier name = TableIdentifier.of("sales", "orders");
      source.createNamespace(Namespace.of("sales"));
      Schema schema = new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));
      Table table = source.createTable(name, schema);
      table.newAppend().commit();

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                JsonPath json = status(server);
                assertThat(json.getInt("counts.completed")).isEqualTo(1);
                assertThat(json.getLong("replicas[0].lastApplied.snapshotId"))
                    .isEqualTo(table.currentSnapshot().snapshotId());
              });
      assertThat(replicas.loadTable(name).currentSnapshot().snapshotId())
          .isEqualTo(table.currentSnapshot().snapshotId());
      assertThatThrownBy(() -> replicas.dropTable(name))
          .isInstanceOfAny(ForbiddenException.class, UnsupportedOperationException.class);
      ops(server)
          .get("/management/v1/sources")
          .then()
          .statusCode(200)
          .body("sources.name", contains("main"))
          .body("sources.kind", contains("embedded"));
      at(server.managementPort())
          .header("Authorization", "Bearer s-etl")
          .get("/management/v1/status")
          .then()
          .statusCode(403);
      assertThat(ops(server).get("/metrics").asString())
          .contains("replicas{destination=\"replica\",state=\"completed\"}");
    }
  }

  private static RequestSpecification ops(TwinbergServer server) {
    return at(server.managementPort()).header("Authorization", "Bearer s-ops");
  }

  private static JsonPath status(TwinbergServer server) {
    return ops(server).get("/management/v1/status").then().statusCode(200).extract().jsonPath();
  }

  private static RESTCatalog catalog(TwinbergServer server, String name) {
    RESTCatalog catalog = new RESTCatalog();
    catalog.initialize(
        name,
        Map.of(
            "uri",
            "http://127.0.0.1:" + server.port() + "/catalogs/" + name,
            "token",
            "s-etl",
            "io-impl",
            "io.twinberg.storage.LocalFileIO"));
    return catalog;
  }
}
