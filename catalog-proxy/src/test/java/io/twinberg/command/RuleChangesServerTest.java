package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;

/** Rules that change, and tables that come and go under them, while a whole process replicates. */
class RuleChangesServerTest extends RulesServerSuite {
  /** The length of a file that the least bandwidth-limit, 64KiB, takes two seconds for. */
  private static final int COPIED_FOR_SECONDS = 128 << 10;

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

  private void awaitLogged(TableIdentifier name) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                management()
                    .get(
                        "/management/v1/sources/one/namespaces/"
                            + name.namespace()
                            + "/tables/"
                            + name.name()
                            + "/status")
                    .then()
                    .statusCode(200));
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

  private void awaitCopying() {
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                management()
                    .get("/management/v1/status")
                    .then()
                    .body("counts.copying", greaterThan(0)));
  }

  /** Whatever a change meets under way, each replica is some version of its source, whole. */
  @Test
  void rule_editedWhileCopiesRun_publishesNothingWrong() throws IOException {
    Table table = create(source, ORDERS);
    append(table, "first");
    List<String> bodies =
        List.of(
            "{\"destinations\":[\"eu\"],\"bandwidth-limit\":\"64KiB\"}",
            "{\"destinations\":[\"eu\",\"us\"],\"backfill\":\"heads-first\",\"bandwidth-limit\":\"64KiB\"}",
            "{\"destinations\":[\"us\"]}",
            "{\"destinations\":[\"eu\"],\"status\":\"disabled\"}");
    for (int i = 0; i < 24; i++) {
      append(table, "f" + i, COPIED_FOR_SECONDS);
      if (i % bodies.size() == 2) {
        // Both places are copied to, slowly; what comes next takes one of them away.
        awaitCopying();
      }
      put("one", "", bodies.get(i % bodies.size())).statusCode(anyOf(is(200), is(201)));
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
    management().get("/management/v1/status").then().body("counts.failed", is(0));
  }
}
