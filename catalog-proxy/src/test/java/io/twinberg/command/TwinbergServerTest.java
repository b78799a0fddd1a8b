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
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
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
        RESTCatalog source = ServedClients.of(server, "main", "s-etl");
        RESTCatalog replicas = ServedClients.of(server, "replica", "s-etl")) {
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
                // As text: the version of the table's creation, which may be seen first, has none.
                assertThat(json.getString("replicas[0].lastApplied.snapshotId"))
                    .isEqualTo(Long.toString(table.currentSnapshot().snapshotId()));
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

  /** The default source has tokens of its own; replicas are read by ours all the same. */
  @Test
  void credential_ofOurs_readsReplicasThroughTheBareUri() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream()) {
      upstream.replies(request -> Reply.json(200, "{\"access_token\":\"theirs\"}"));
      String yaml =
          YAML.replace("write:main\", \"read:replica", "read:eu/sales.*")
              + "sources: { main: { uri: \""
              + upstream.uri()
              + "\" } }\n"
              + "destinations: { eu: { root: ./eu, retention: { snapshots: forever } } }\n";
      TwinbergConfig config = ConfigLoader.parse(yaml, folder, name -> null);
      try (TwinbergServer server = TwinbergServer.start(config, EnumSet.of(Role.PROXY))) {
        Map<String, String> bare = Map.of("uri", "http://127.0.0.1:" + server.port());
        Map<String, String> ours = new HashMap<>(bare);
        ours.putAll(Map.of("warehouse", "eu", "credential", "etl:s-etl"));
        try (RESTCatalog replicas = new RESTCatalog()) {
          replicas.initialize("eu", ours);
          assertThat(replicas.listNamespaces()).isEmpty();
          assertThat(replicas.tableExists(TableIdentifier.of("sales", "x", "t"))).isFalse();
          assertThatThrownBy(() -> replicas.tableExists(TableIdentifier.of("hr", "t")))
              .isInstanceOf(ForbiddenException.class);
        }
        assertThat(upstream.received()).isEmpty();
        at(server.port())
            .formParams("grant_type", "client_credentials", "client_secret", "known to them")
            .post("/v1/oauth/tokens")
            .then()
            .statusCode(200)
            .body("access_token", is("theirs"));
        at(server.port()).get("/catalogs/eu/v1/namespaces").then().statusCode(401);
        for (int i = 0; i < 10; i++) {
          at(server.port())
              .header("Authorization", "Bearer guess" + i)
              .get("/catalogs/eu/v1/config")
              .then()
              .statusCode(401);
        }
        ops(server).get("/metrics").then().statusCode(429);
        at(server.port())
            .header("Authorization", "Bearer of-theirs")
            .get("/v1/namespaces")
            .then()
            .statusCode(200);
      }
    }
  }

  private static RequestSpecification ops(TwinbergServer server) {
    return at(server.managementPort()).header("Authorization", "Bearer s-ops");
  }

  private static JsonPath status(TwinbergServer server) {
    return ops(server).get("/management/v1/status").then().statusCode(200).extract().jsonPath();
  }
}
