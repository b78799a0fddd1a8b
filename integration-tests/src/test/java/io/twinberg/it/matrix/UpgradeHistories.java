package io.twinberg.it.matrix;

/** A table that grows older than its format. */
final class UpgradeHistories {
  private UpgradeHistories() {}

  static void upgrade(MatrixTable table) {
    table.createOrders();
    int first = table.cell().format();
    table.step("append", rows(0));
    table.step("append", rows(10));
    table.step("delete", "DELETE FROM $t WHERE id % 5 = 0");
    for (int format = first + 1; format <= 3; format++) {
      table.step(
          "upgrade to " + format,
          "ALTER TABLE $t SET TBLPROPERTIES ('format-version' = '%d')".formatted(format));
      mergeOnRead(table);
      table.step("append", rows(format * 100));
      table.step("delete", "DELETE FROM $t WHERE id % 5 = 1");
      table.step("update", "UPDATE $t SET amount = -amount WHERE id % 3 = 0");
      table.step("rewrite manifests", "CALL lake.system.rewrite_manifests('$n')");
      table.step("append again", rows(format * 100 + 50));
    }
    table.step(
        "compact",
        "CALL lake.system.rewrite_data_files(table => '$n', options => map('rewrite-all', 'true'))");
    table.step("delete at last", "DELETE FROM $t WHERE id % 5 = 2");
  }

  /** What version 1 could not do. */
  private static void mergeOnRead(MatrixTable table) {
    table.step(
        "merge on read",
        "ALTER TABLE $t SET TBLPROPERTIES ('write.delete.mode' = 'merge-on-read',"
            + " 'write.update.mode' = 'merge-on-read')");
  }

  private static String rows(int from) {
    return "INSERT INTO $t SELECT id, if(id %% 2 = 0, 'eu', 'us'), id, 'n' FROM range(%d, %d)"
        .formatted(from, from + 10);
  }
}
