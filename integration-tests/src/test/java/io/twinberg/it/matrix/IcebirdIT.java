package io.twinberg.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.twinberg.it.Setup;
import io.twinberg.it.engine.NodeProject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader that shares no code with Iceberg's own finds the rows of the source in the replica. */
@Tag("iceberg-js")
class IcebirdIT {
  @TempDir private Path folder;

  @Test
  void replica_withPositionDeletes_isReadByIcebird() {
    assumeTrue(NodeProject.isPossible(), "needs node and npm on the PATH");
    NodeProject icebird = NodeProject.install("icebird");
    try (MatrixLake lake = MatrixLake.onS3(folder)) {
      MatrixTable table = lake.table(new Cell(2, Cell.RowChange.MERGE_ON_READ), "icebird");
      table.createOrders();
      table.step(
          "append", "INSERT INTO $t SELECT id, if(id % 2 = 0, 'eu', 'us'), id, 'n' FROM range(50)");
      table.step("delete", "DELETE FROM $t WHERE id % 5 = 0");
      table.step("update", "UPDATE $t SET note = NULL WHERE id % 7 = 0");
      assertThat(table.value("SELECT count(*) FROM $t.delete_files")).isNotEqualTo(0L);

      JsonNode read =
          icebird.run(
              "read.mjs",
              lake.twinberg().catalog(Setup.DESTINATION)
                  + "/v1/namespaces/%s/tables/%s".formatted(MatrixLake.NAMESPACE, table.name()),
              folder.resolve("destination-store").toString());

      List<String> rows = new ArrayList<>();
      read.forEach(row -> rows.add(row.textValue().replace(" ", "")));
      assertThat(rows).hasSize(40).containsExactlyInAnyOrderElementsOf(sourceRows(lake, table));
    }
  }

  private static List<String> sourceRows(MatrixLake lake, MatrixTable table) {
    return lake
        .spark()
        .rows(
            "SELECT to_json(struct(id, region, CAST(amount AS BIGINT) AS amount, note),"
                + " map('ignoreNullFields', 'false')) FROM "
                + table.atSource())
        .stream()
        .map(row -> String.valueOf(row.get(0)))
        .toList();
  }
}
