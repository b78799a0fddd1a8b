package io.twinberg.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** Rows come, change and go. */
final class RowHistories {
  private RowHistories() {}

  static void rows(MatrixTable table) {
    table.createOrders();
    table.step(
        "append",
        "INSERT INTO $t VALUES (1, 'eu', 1.5, 'a'), (2, 'us', 2.5, NULL), (3, 'eu', 3.5, 'c'),"
            + " (4, 'a/b c%20é', 4.5, 'd'), (5, NULL, CAST('NaN' AS DOUBLE), 'e')");
    table.step("append again", "INSERT INTO $t SELECT id + 10, region, amount, note FROM $t");
    table.step("delete", "DELETE FROM $t WHERE id IN (3, 11, 15)");
    requireDeletes(table);
    table.step("update", "UPDATE $t SET amount = amount * 2, note = 'u' WHERE id % 2 = 1");
    table.step("move to another partition", "UPDATE $t SET region = 'us' WHERE id = 1");
    table.step("delete again", "DELETE FROM $t WHERE id = 1");
    table.step(
        "overwrite a partition",
        "INSERT OVERWRITE $t PARTITION (region = 'us') VALUES (50, 5.0, 'o'), (51, 5.1, 'p')");
    table.step("delete a partition", "DELETE FROM $t WHERE region = 'a/b c%20é'");
    table.step("overwrite all", "INSERT OVERWRITE $t SELECT id, region, amount, 'all' FROM $t");
    table.step("delete all", "TRUNCATE TABLE $t");
    table.step("append to nothing", "INSERT INTO $t VALUES (7, 'eu', 7.5, 'z')");
  }

  /** Otherwise the cell would not be about what it says. */
  private static void requireDeletes(MatrixTable table) {
    Object deletes = table.value("SELECT count(*) > 0 FROM $t.delete_files");
    assertThat(deletes).isEqualTo(table.cell().mergesOnRead());
  }

  static void merges(MatrixTable table) {
    table.createOrders();
    table.step(
        "append", "INSERT INTO $t SELECT id, if(id % 2 = 0, 'eu', 'us'), id, 'n' FROM range(20)");
    for (int round = 1; round <= 3; round++) {
      table.step(
          "merge " + round,
          """
          MERGE INTO $t AS old
          USING (SELECT id * %1$d AS id, 'eu' AS region FROM range(12)) AS new
          ON old.id = new.id
          WHEN MATCHED AND old.id %% 3 = 0 THEN DELETE
          WHEN MATCHED THEN UPDATE SET amount = old.amount + 100, note = 'm%1$d'
          WHEN NOT MATCHED THEN INSERT (id, region, amount, note) VALUES (new.id, new.region, 0, 'new')
          """
              .formatted(round + 1));
    }
  }

  /** Delete files that name rows of many data files, as v2 writers did by default for long. */
  static void deletesOfSeveralFiles(MatrixTable table) {
    table.create(
        "id BIGINT, region STRING", "region", Map.of("write.delete.granularity", "partition"));
    table.step("append", "INSERT INTO $t SELECT id, 'eu' FROM range(10)");
    table.step("append", "INSERT INTO $t SELECT id, 'eu' FROM range(10, 20)");
    table.step("append", "INSERT INTO $t SELECT id, 'us' FROM range(20, 30)");
    table.step("delete over files", "DELETE FROM $t WHERE id % 5 = 0");
    table.step("delete over files again", "DELETE FROM $t WHERE id % 7 = 0");
    table.step("update over files", "UPDATE $t SET id = id + 100 WHERE id % 2 = 0");
  }
}
