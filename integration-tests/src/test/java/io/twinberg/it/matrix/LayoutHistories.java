package io.twinberg.it.matrix;

/** Where files lie and what they are. */
final class LayoutHistories {
  private LayoutHistories() {}

  static void fileFormats(MatrixTable table) {
    table.createOrders();
    for (String format : new String[] {"parquet", "avro", "orc"}) {
      table.step(
          "write " + format,
          set("write.format.default", format),
          set("write.delete.format.default", format));
      table.step("append " + format, rows(format));
      table.step(
          "delete " + format, "DELETE FROM $t WHERE note = '%s' AND id %% 3 = 0".formatted(format));
      table.step("update " + format, "UPDATE $t SET amount = -1 WHERE id % 4 = 0");
    }
    table.step("manifests in zstd", set("write.manifest.compression-codec", "zstd"));
    table.step("append", rows("zstd"));
    table.step(
        "compact",
        "CALL lake.system.rewrite_data_files(table => '$n', options => map('rewrite-all', 'true'))");
  }

  static void layouts(MatrixTable table) {
    table.createOrders();
    table.step("append", rows("first"));
    table.step("data elsewhere", set("write.data.path", "s3://lake/elsewhere/" + table.name()));
    table.step("append", rows("elsewhere"));
    table.step("hashed names", set("write.object-storage.enabled", "true"));
    table.step("append", rows("hashed"));
    table.step("metadata elsewhere", set("write.metadata.path", "s3://lake/notes/" + table.name()));
    table.step("append", rows("noted"));
    table.step("update over all", "UPDATE $t SET amount = amount + 1 WHERE id % 2 = 0");
    table.step("another scheme", set("write.data.path", "s3a://lake/elsewhere/" + table.name()));
    table.step("append", rows("s3a"));
    table.step("move", "ALTER TABLE $t SET LOCATION 's3://lake/moved/%s'".formatted(table.name()));
    table.step(
        "follow",
        "ALTER TABLE $t UNSET TBLPROPERTIES"
            + " ('write.data.path', 'write.metadata.path', 'write.object-storage.enabled')");
    table.step("append", rows("moved"));
    table.step("delete over all", "DELETE FROM $t WHERE id % 3 = 0");
    table.step(
        "compact",
        "CALL lake.system.rewrite_data_files(table => '$n', options => map('rewrite-all', 'true'))");
  }

  /** A table on the disk of this machine, with files of another writer, and then files on S3. */
  static void foreignFiles(MatrixTable table) {
    table.createOrders();
    table.step("append", rows("own"));
    String folder = table.localFolder("parquet");
    table.step(
        "add files",
        "INSERT OVERWRITE DIRECTORY '%s' USING parquet".formatted(folder + "/region=eu")
            + " SELECT id + 100 AS id, amount, note FROM $t WHERE region = 'eu'",
        "CALL lake.system.add_files(table => '$n', source_table => '`parquet`.`%s`')"
            .formatted(folder));
    table.step("delete in them", "DELETE FROM $t WHERE id IN (0, 102)");
    table.step("data on S3", set("write.data.path", "s3://lake/elsewhere/" + table.name()));
    table.step("append", rows("more"));
    table.step("update over all", "UPDATE $t SET note = 'u' WHERE id % 2 = 0");
    table.step("delete over all", "DELETE FROM $t WHERE id % 3 = 1");
  }

  private static String set(String property, String value) {
    return "ALTER TABLE $t SET TBLPROPERTIES ('%s' = '%s')".formatted(property, value);
  }

  private static String rows(String note) {
    return "INSERT INTO $t SELECT id, if(id < 4, 'eu', 'us'), id / 2, '%s' FROM range(8)"
        .formatted(note);
  }
}
