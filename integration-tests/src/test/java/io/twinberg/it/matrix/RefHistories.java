package io.twinberg.it.matrix;

/** Branches, tags, and where main points to. */
final class RefHistories {
  private RefHistories() {}

  static void refs(MatrixTable table) {
    table.createOrders();
    table.step("append", insert("$t", 1));
    table.mark("first");
    table.step("branch", "ALTER TABLE $t CREATE BRANCH audit");
    table.step("tag", "ALTER TABLE $t CREATE TAG one RETAIN 365 DAYS");
    table.step("write to the branch", insert("$t.branch_audit", 2));
    table.step("delete on the branch", "DELETE FROM $t.branch_audit WHERE id = 1");
    table.step("fast-forward", "CALL lake.system.fast_forward('$n', 'main', 'audit')");
    table.step("append to main", insert("$t", 3));
    table.step(
        "replace the tag", "ALTER TABLE $t REPLACE TAG one AS OF VERSION " + table.marked("first"));
    table.step("replace the branch", "ALTER TABLE $t CREATE OR REPLACE BRANCH audit");
    table.step(
        "branch with retention",
        "ALTER TABLE $t CREATE BRANCH short RETAIN 7 DAYS WITH SNAPSHOT RETENTION 2 SNAPSHOTS");
    table.step("update on the branch", "UPDATE $t.branch_short SET note = 'b' WHERE id = 3");
    table.step("drop the tag", "ALTER TABLE $t DROP TAG one");
    table.step("drop the branch", "ALTER TABLE $t DROP BRANCH audit");
    table.step("odd names", "ALTER TABLE $t CREATE TAG `2026-11 é/x`");
    table.step("append", insert("$t", 4));
  }

  static void staged(MatrixTable table) {
    table.createOrders();
    table.step("append", insert("$t", 1));
    table.step("allow staging", "ALTER TABLE $t SET TBLPROPERTIES ('write.wap.enabled' = 'true')");
    table.step("stage", "SET spark.wap.id = w1", insert("$t", 2), "RESET spark.wap.id");
    table.step(
        "publish by fast-forward",
        "CALL lake.system.publish_changes(table => '$n', wap_id => 'w1')");
    table.step("stage another", "SET spark.wap.id = w2", insert("$t", 3), "RESET spark.wap.id");
    table.step("append meanwhile", insert("$t", 4));
    Object staged =
        table.value("SELECT snapshot_id FROM $t.snapshots WHERE summary['wap.id'] = 'w2'");
    table.step("cherry-pick", "CALL lake.system.cherrypick_snapshot('$n', %s)".formatted(staged));
    table.step("branch for audits", "ALTER TABLE $t CREATE BRANCH wap");
    table.step(
        "write through the branch",
        "SET spark.wap.branch = wap",
        insert("$t", 5),
        "RESET spark.wap.branch");
    table.step("publish the branch", "CALL lake.system.fast_forward('$n', 'main', 'wap')");
  }

  static void rollback(MatrixTable table) {
    table.createOrders();
    table.step("append", insert("$t", 1));
    table.mark("first");
    table.step("append", insert("$t", 2));
    table.step("delete", "DELETE FROM $t WHERE id = 1");
    table.mark("third");
    table.step(
        "roll back",
        "CALL lake.system.rollback_to_snapshot('$n', %d)".formatted(table.marked("first")));
    table.step("append on a fork", insert("$t", 3));
    table.mark("fork");
    table.step(
        "set current",
        "CALL lake.system.set_current_snapshot('$n', %d)".formatted(table.marked("third")));
    table.step("append", insert("$t", 4));
    table.step(
        "cherry-pick",
        "CALL lake.system.cherrypick_snapshot('$n', %d)".formatted(table.marked("fork")));
    table.step("update", "UPDATE $t SET note = 'r' WHERE id = 2");
  }

  private static String insert(String target, int id) {
    return "INSERT INTO %s VALUES (%d, 'eu', %d, 'n'), (%d, 'eu', 0, NULL)"
        .formatted(target, id, id, id + 100);
  }
}
