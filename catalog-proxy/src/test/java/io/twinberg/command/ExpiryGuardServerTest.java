package io.twinberg.command;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.twinberg.config.ConfigLoader;
import io.twinberg.config.TwinbergConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's own client expires snapshots in the embedded catalog of a real process. */
class ExpiryGuardServerTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private TwinbergConfig config;

  @BeforeEach
  void configure() {
    config =
        ConfigLoader.parse(
            """
            server: { port: 0 }
            management: { port: 0 }
            rules:
              - { destinations: [replica], expiry-guard: hold, expiry-hold: 10m }
              - { namespace: free, destinations: [replica] }
            """,
            folder,
            name -> null);
  }

  @Test
  void expire_beforeTheReplicaHasTheSnapshot_failsAndGoesWellOnceItHas() throws Exception {
    TableIdentifier name = TableIdentifier.of("sales", "orders");
    long first;
    long second;
    try (TwinbergServer server = TwinbergServer.start(config, EnumSet.of(Role.PROXY));
        RESTCatalog source = ServedClients.of(server, "main")) {
      Table table = create(source, name);
      table.updateProperties().set("commit.retry.num-retries", "1").commit();
      first = append(table);
      second = append(table);

      assertThatThrownBy(() -> table.expireSnapshots().expireSnapshotId(first).commit())
          .isInstanceOf(CommitFailedException.class)
          .hasMessageContaining("sales.orders", "destination replica", "load the table");
      assertThat(source.loadTable(name).snapshots()).hasSize(2);
      assertThat(metrics(server)).contains("expiry_guard_refused_total");
    }
    try (TwinbergServer server = TwinbergServer.start(config, EnumSet.allOf(Role.class));
        RESTCatalog source = ServedClients.of(server, "main");
        RESTCatalog replicas = ServedClients.of(server, "replica")) {
      Table table = source.loadTable(name);
      table
          .updateProperties()
          .set("commit.retry.num-retries", "200")
          .set("commit.retry.min-wait-ms", "50")
          .set("commit.retry.max-wait-ms", "300")
          .commit();
      long third = append(table);

      table.expireSnapshots().expireSnapshotId(first).expireSnapshotId(second).commit();

      assertThat(source.loadTable(name).snapshots())
          .extracting(Snapshot::snapshotId)
          .containsExactly(third);
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(replicas.loadTable(name).snapshot(third)).isNotNull());
      Table replica = replicas.loadTable(name);
      assertThat(replica.snapshots())
          .extracting(Snapshot::snapshotId)
          .containsExactly(first, second, third);
      replica
          .snapshots()
          .forEach(
              snapshot -> assertThat(snapshot.allManifests(replica.io())).as("readable").isEmpty());
      assertThat(metrics(server)).doesNotContain("expiry_guard_released_total");
    }
  }

  @Test
  void expire_tableOfRuleThatHoldsNothing_goesOn() throws Exception {
    TableIdentifier name = TableIdentifier.of("free", "orders");
    try (TwinbergServer server = TwinbergServer.start(config, EnumSet.of(Role.PROXY));
        RESTCatalog source = ServedClients.of(server, "main")) {
      Table table = create(source, name);
      long first = append(table);
      append(table);

      table.expireSnapshots().expireSnapshotId(first).commit();

      assertThat(source.loadTable(name).snapshots()).hasSize(1);
      assertThat(metrics(server)).doesNotContain("expiry_guard");
    }
  }

  private static Table create(RESTCatalog source, TableIdentifier name) {
    source.createNamespace(Namespace.of(name.namespace().level(0)));
    return source.createTable(
        name, new Schema(Types.NestedField.required(1, "id", Types.LongType.get())));
  }

  private static long append(Table table) {
    table.newAppend().commit();
    return table.currentSnapshot().snapshotId();
  }

  private static String metrics(TwinbergServer server) {
    return given()
        .baseUri("http://127.0.0.1")
        .port(server.managementPort())
        .get("/metrics")
        .asString();
  }
}
