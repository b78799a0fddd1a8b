package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.it.engine.FlinkProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flink writes through the proxy and reads the replica. */
@Tag("flink")
class FlinkIT {
  @TempDir private Path folder;

  @Test
  void table_appendedThroughTheProxy_isReadFromTheReplica() {
    try (StorePair stores = StorePair.start(folder);
        FixtureCatalog fixture =
            FixtureCatalog.start(
                FixtureSettings.onS3(
                    folder.resolve("fixture"), StorePair.WAREHOUSE, stores.source().properties()));
        RunningTwinberg twinberg =
            RunningTwinberg.start(Setup.upstream(folder, stores, fixture.uri()));
        FlinkProcess flink = FlinkProcess.start()) {
      flink.catalog("lake", twinberg.catalog(Setup.SOURCE), stores.source().properties());
      flink.catalog("eu", twinberg.catalog(Setup.DESTINATION), Map.of());
      flink.run(
          "CREATE DATABASE lake.shop",
          "CREATE TABLE lake.shop.orders (id BIGINT, region STRING, amount DOUBLE)"
              + " PARTITIONED BY (region)",
          "INSERT INTO lake.shop.orders VALUES (1, 'eu', 1.5), (2, 'us', 2.5)",
          "INSERT INTO lake.shop.orders VALUES (3, 'eu', CAST(NULL AS DOUBLE))",
          "INSERT INTO lake.shop.orders SELECT id + 10, region, amount FROM lake.shop.orders");

      TableHistory history = Replicated.awaitCurrent(twinberg, "shop", "orders");
      assertThat(history.snapshots()).hasSize(3);
      String columns = "SELECT id, region, amount FROM %s.shop.orders";
      List<List<Object>> source = flink.rows(columns.formatted("lake"));
      assertThat(source).hasSize(6);
      assertThat(flink.rows(columns.formatted("eu"))).containsExactlyInAnyOrderElementsOf(source);
      long first = history.snapshots().iterator().next().id();
      assertThat(
              flink.rows(
                  "SELECT id FROM eu.shop.orders /*+ OPTIONS('snapshot-id' = '%d') */"
                      .formatted(first)))
          .containsExactlyInAnyOrder(List.of(1L), List.of(2L));

      assertThat(flink.error("INSERT INTO eu.shop.orders VALUES (9, 'eu', 9)"))
          .contains("Server does not support endpoint");
      assertThat(flink.error("CREATE DATABASE eu.mine"))
          .contains("Server does not support endpoint");
    }
  }
}
