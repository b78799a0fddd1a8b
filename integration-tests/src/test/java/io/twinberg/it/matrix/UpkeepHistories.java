package io.twinberg.it.matrix;

/** What runs at night: compaction, statistics, expiry. */
final class UpkeepHistories {
  private static final String EXPIRE =
      "CALL lake.system.expire_snapshots(table => '$n', older_than => TIMESTAMP '2100-01-01 00:00:00',"
          + " retain_last => %d, clean_expired_metadata => true)";
  private static final String REWRITE_ALL =
      "CALL lake.system.%s(table => '$n', options => map('rewrite-all', 'true'))";

  private UpkeepHistories() {}

  static void upkeep(MatrixTable table) {
    table.createOrders();
    fill(table);
    table.step("delete", "DELETE FROM $t WHERE id % 4 = 1");
    table.step("rewrite position deletes", REWRITE_ALL.formatted("rewrite_position_delete_files"));
    table.step("rewrite manifests", "CALL lake.system.rewrite_manifests('$n')");
    table.step("table statistics", "CALL lake.system.compute_table_stats(table => '$n')");
    table.step("partition statistics", "CALL lake.system.compute_partition_stats(table => '$n')");
    table.step("compact", REWRITE_ALL.formatted("rewrite_data_files"));
    table.step("delete after it", "DELETE FROM $t WHERE id % 4 = 2");
    table.step(
        "compact sorted",
        "CALL lake.system.rewrite_data_files(table => '$n', strategy => 'sort',"
            + " sort_order => 'amount DESC', options => map('rewrite-all', 'true'))");
    table.step("append after it", "INSERT INTO $t VALUES (1000, 'eu', 1, 'late')");
    table.step("partition statistics", "CALL lake.system.compute_partition_stats(table => '$n')");
    table.step("rewrite manifests", "CALL lake.system.rewrite_manifests('$n')");
  }

  static void expiry(MatrixTable table) {
    table.createOrders();
    fill(table);
    table.step("delete", "DELETE FROM $t WHERE id % 4 = 1");
    table.step("rewrite manifests", "CALL lake.system.rewrite_manifests('$n')");
    table.step("expire", EXPIRE.formatted(2));
    table.step("update", "UPDATE $t SET note = 'x' WHERE id % 4 = 2");
    table.step("compact", REWRITE_ALL.formatted("rewrite_data_files"));
    table.step("expire again", EXPIRE.formatted(1));
    table.step("append", "INSERT INTO $t VALUES (1000, 'eu', 1, 'late')");
    table.step("delete", "DELETE FROM $t WHERE id = 6");
    table.step("expire a third time", EXPIRE.formatted(1));
  }

  private static void fill(MatrixTable table) {
    for (int i = 0; i < 3; i++) {
      table.step(
          "append " + i,
          "INSERT INTO $t SELECT id, if(id %% 2 = 0, 'eu', 'us'), id, 'n' FROM range(%d, %d)"
              .formatted(i * 10, i * 10 + 10));
    }
  }
}
