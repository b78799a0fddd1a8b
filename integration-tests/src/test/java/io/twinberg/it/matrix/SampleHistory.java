package io.twinberg.it.matrix;

/** A little of everything, for the builds that cannot wait for all of it. */
final class SampleHistory {
  private SampleHistory() {}

  static void sample(MatrixTable table) {
    table.createOrders();
    table.step(
        "append", "INSERT INTO $t SELECT id, if(id % 2 = 0, 'eu', 'us'), id, 'n' FROM range(20)");
    table.step("delete", "DELETE FROM $t WHERE id % 5 = 1");
    table.step(
        "merge",
        "MERGE INTO $t AS old USING (SELECT id FROM range(15, 25)) AS new ON old.id = new.id"
            + " WHEN MATCHED THEN UPDATE SET note = 'm'"
            + " WHEN NOT MATCHED THEN INSERT (id, region, amount, note) VALUES (id, 'us', 0, 'new')");
    table.step(
        "change columns, and rows of a branch",
        "ALTER TABLE $t RENAME COLUMN note TO remark",
        "ALTER TABLE $t ADD PARTITION FIELD bucket(2, id)",
        "ALTER TABLE $t CREATE BRANCH audit",
        "UPDATE $t.branch_audit SET amount = -1 WHERE id < 5");
    table.step(
        "compact",
        "CALL lake.system.rewrite_data_files(table => '$n',"
            + " options => map('rewrite-all', 'true'))");
    table.step("delete after it", "DELETE FROM $t WHERE id % 5 = 2");
  }
}
