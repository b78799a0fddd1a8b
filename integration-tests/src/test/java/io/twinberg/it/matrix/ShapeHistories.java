package io.twinberg.it.matrix;

import java.util.Map;

/** Schemas, partition specs, sort orders, properties, and tables made anew under their names. */
final class ShapeHistories {
  private ShapeHistories() {}

  static void columns(MatrixTable table) {
    table.create(
        "id INT NOT NULL, at TIMESTAMP, price DECIMAL(9,2), point STRUCT<x: FLOAT, y: FLOAT>,"
            + " tags ARRAY<STRING>, attrs MAP<STRING, STRUCT<v: INT>>, raw BINARY, day DATE",
        "",
        Map.of());
    String row =
        "INSERT INTO $t VALUES (%d, TIMESTAMP '2026-01-02 03:04:05.678901', 1.25,"
            + " named_struct('x', 1.5, 'y', NULL), array('a', NULL, 'é'), map('k', named_struct('v', 1)),"
            + " X'00ff', DATE '1969-12-31')";
    table.step("append", row.formatted(1));
    table.step(
        "widen",
        "ALTER TABLE $t ALTER COLUMN id TYPE BIGINT",
        "ALTER TABLE $t ALTER COLUMN price TYPE DECIMAL(12,2)");
    table.step("append", row.formatted(2));
    table.step("identifier", "ALTER TABLE $t SET IDENTIFIER FIELDS id");
    table.step(
        "add columns", "ALTER TABLE $t ADD COLUMNS (note STRING COMMENT 'said', extra DOUBLE)");
    table.step(
        "add inside",
        "ALTER TABLE $t ADD COLUMN point.z FLOAT",
        "ALTER TABLE $t ADD COLUMN attrs.value.w STRING");
    table.step(
        "rename",
        "ALTER TABLE $t RENAME COLUMN note TO remark",
        "ALTER TABLE $t RENAME COLUMN point.x TO abscissa");
    table.step("update new columns", "UPDATE $t SET remark = 'r', extra = 2.5 WHERE id = 1");
    table.step("reorder", "ALTER TABLE $t ALTER COLUMN remark FIRST");
    table.step("drop", "ALTER TABLE $t DROP COLUMN extra", "ALTER TABLE $t DROP COLUMN raw");
    table.step("add under the old name", "ALTER TABLE $t ADD COLUMN extra STRING");
    table.step("delete", "DELETE FROM $t WHERE id = 2");
    table.step(
        "append from itself",
        "INSERT INTO $t (id, remark, at, price, point, tags, attrs, day, extra)"
            + " SELECT 3, remark, at, price, point, tags, attrs, day, 'text' FROM $t");
    table.step(
        "optional",
        "ALTER TABLE $t DROP IDENTIFIER FIELDS id",
        "ALTER TABLE $t ALTER COLUMN id DROP NOT NULL");
  }

  static void specs(MatrixTable table) {
    table.create("id BIGINT, region STRING, at TIMESTAMP, note STRING", "", Map.of());
    table.step("append", rows(0));
    table.step("partition by region", "ALTER TABLE $t ADD PARTITION FIELD region");
    table.step("append", rows(10));
    table.step("and by bucket", "ALTER TABLE $t ADD PARTITION FIELD bucket(4, id) AS shard");
    table.step("append", rows(20));
    table.step("replace by day", "ALTER TABLE $t REPLACE PARTITION FIELD region WITH days(at)");
    table.step("append", rows(30));
    table.step("update over specs", "UPDATE $t SET note = 'u' WHERE id % 3 = 0");
    table.step("delete over specs", "DELETE FROM $t WHERE id % 5 = 0");
    table.step("drop a field", "ALTER TABLE $t DROP PARTITION FIELD shard");
    table.step("order", "ALTER TABLE $t WRITE ORDERED BY note ASC NULLS LAST, id DESC");
    table.step("append ordered", rows(40));
    table.step("distribute", "ALTER TABLE $t WRITE DISTRIBUTED BY PARTITION LOCALLY ORDERED BY id");
    table.step("truncate", "ALTER TABLE $t ADD PARTITION FIELD truncate(1, region)");
    table.step("append", rows(50));
    table.step("back", "ALTER TABLE $t DROP PARTITION FIELD truncate(1, region)");
    table.step("properties", "ALTER TABLE $t SET TBLPROPERTIES ('a.b' = 'c', 'comment' = 'said')");
    table.step(
        "no properties",
        "ALTER TABLE $t UNSET TBLPROPERTIES ('a.b')",
        "ALTER TABLE $t WRITE UNORDERED");
    table.step(
        "compact over specs",
        "CALL lake.system.rewrite_data_files(table => '$n', options => map('rewrite-all', 'true'))");
    table.step("rewrite manifests", "CALL lake.system.rewrite_manifests('$n')");
  }

  private static String rows(int from) {
    return "INSERT INTO $t SELECT id, if(id %% 2 = 0, 'eu', 'us'),".formatted()
        + " timestamp_seconds(1700000000 + id * 40000), 'n' FROM range(%d, %d)"
            .formatted(from, from + 6);
  }

  static void replaced(MatrixTable table) {
    table.createOrders();
    table.step("append", "INSERT INTO $t VALUES (1, 'eu', 1, 'a'), (2, 'us', 2, 'b')");
    table.step("tag", "ALTER TABLE $t CREATE TAG before");
    table.step("delete", "DELETE FROM $t WHERE id = 1");
    table.step(
        "replace with rows",
        "CREATE OR REPLACE TABLE $t USING iceberg %s TBLPROPERTIES (%s)"
                .formatted(newPartitions(table), properties(table))
            + " AS SELECT id, amount * 2 AS twice FROM $t");
    table.step("append", "INSERT INTO $t VALUES (3, 3.5), (4, 4.5)");
    if (!table.cell().mergesOnRead()) {
      // Iceberg 1.12 cannot write deletes for a spec whose source column is gone.
      table.step("update", "UPDATE $t SET twice = 0 WHERE id = 3");
    }
    table.step("branch", "ALTER TABLE $t CREATE BRANCH kept");
    table.step(
        "replace with nothing",
        "CREATE OR REPLACE TABLE $t (word STRING) USING iceberg TBLPROPERTIES (%s)"
            .formatted(properties(table)));
    table.step("append", "INSERT INTO $t VALUES ('a'), ('b')");
  }

  /**
   * A replaced table of version 1 keeps the fields of its old spec as void ones, and Iceberg 1.12
   * cannot write to it once their source column is gone.
   */
  private static String newPartitions(MatrixTable table) {
    return table.cell().format() == 1 ? "" : "PARTITIONED BY (bucket(2, id))";
  }

  private static String properties(MatrixTable table) {
    return String.join(
        ", ",
        table.cell().properties().entrySet().stream()
            .map(entry -> "'%s' = '%s'".formatted(entry.getKey(), entry.getValue()))
            .toList());
  }

  static void oddNames(MatrixTable table) {
    table.create(
        "`odd name.with dots` BIGINT, `größe%20/x` STRING, `SELECT` STRUCT<`a.b`: STRING, `ü`: INT>",
        "`größe%20/x`, bucket(2, `odd name.with dots`)", Map.of());
    table.step("append", oddRow(1, "a=b/c d") + ", (2, 'x', NULL)");
    table.step("append", oddRow(3, "%2F+é☃"));
    table.step("update", "UPDATE $t SET `SELECT`.`a.b` = 'u' WHERE `odd name.with dots` = 1");
    table.step("delete", "DELETE FROM $t WHERE `odd name.with dots` = 2");
    table.step("rename", "ALTER TABLE $t RENAME COLUMN `größe%20/x` TO `a-1`");
    table.step("append", oddRow(4, ""));
    table.step(
        "compact",
        "CALL lake.system.rewrite_data_files(table => '$n', options => map('rewrite-all', 'true'))");
  }

  private static String oddRow(int id, String text) {
    return "INSERT INTO $t VALUES (%d, '%s', named_struct('a.b', 'v', 'ü', %d))"
        .formatted(id, text, id);
  }
}
