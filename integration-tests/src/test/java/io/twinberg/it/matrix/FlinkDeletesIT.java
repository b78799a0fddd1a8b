package io.twinberg.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.it.Setup;
import io.twinberg.it.engine.FlinkProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flink's upserts are equality deletes; the replica shows what they leave. */
@Tag("flink")
class FlinkDeletesIT {
  private static final Cell CELL = new Cell(2, Cell.RowChange.MERGE_ON_READ);

  @TempDir private Path folder;

  @Test
  void upserts_alsoOverACompaction_areReadFromTheReplica() {
    try (MatrixLake lake = MatrixLake.onS3(folder);
        FlinkProcess flink = FlinkProcess.start()) {
      MatrixTable table = lake.table(CELL, "upserts");
      flink.catalog(
          "lake", lake.twinberg().catalog(Setup.SOURCE), lake.stores().source().properties());
      flink.catalog("eu", lake.twinberg().catalog(Setup.DESTINATION), Map.of());
      flink.run(
          "CREATE TABLE %s (id BIGINT NOT NULL, region STRING, amount DOUBLE,"
                  .formatted(table.atSource())
              + " PRIMARY KEY (id) NOT ENFORCED)"
              + " WITH ('format-version' = '2', 'write.upsert.enabled' = 'true')",
          insert(table, "(1, 'eu', 1.5), (2, 'us', 2.5), (3, 'eu', 3.5)"),
          insert(table, "(2, 'eu', 20), (4, 'us', 4.5)"));

      table.step("look");
      assertThat(table.value("SELECT max(content) FROM $t.all_delete_files"))
          .as("equality deletes")
          .isEqualTo(2L);
      assertThat(rows(flink, "lake", table)).hasSize(4).isEqualTo(rows(flink, "eu", table));

      flink.run(insert(table, "(1, 'us', 10), (3, 'eu', CAST(NULL AS DOUBLE))"));
      table.step(
          "compact what was there, with its sequence number",
          "CALL lake.system.rewrite_data_files(table => '$n',"
              + " options => map('rewrite-all', 'true'))");
      flink.run(insert(table, "(4, 'eu', 40), (5, 'eu', 5.5)"));
      table.step("look");
      assertThat(rows(flink, "lake", table)).hasSize(5).isEqualTo(rows(flink, "eu", table));
      table.compareAllVersions();
    }
  }

  private static String insert(MatrixTable table, String rows) {
    return "INSERT INTO " + table.atSource() + " VALUES " + rows;
  }

  private static List<String> rows(FlinkProcess flink, String catalog, MatrixTable table) {
    return flink
        .rows(
            "SELECT id, region, amount FROM %s.%s.%s"
                .formatted(catalog, MatrixLake.NAMESPACE, table.name()))
        .stream()
        .map(String::valueOf)
        .sorted()
        .toList();
  }
}
