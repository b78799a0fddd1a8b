package io.twinberg.it;

import io.twinberg.it.engine.SparkProcess;

/** A table that Spark writes through Twinberg: partitioned, of either format. */
record SampleTable(SparkProcess spark, String namespace, String name, int format) {
  private static final int FIRST_WITH_ROW_IDS = 3;

  static SampleTable create(SparkProcess spark, String namespace, String name, int format) {
    SampleTable table = new SampleTable(spark, namespace, name, format);
    spark.run(
        "CREATE NAMESPACE IF NOT EXISTS lake." + namespace,
        "CREATE TABLE %s (id BIGINT, region STRING, amount DOUBLE) USING iceberg"
                .formatted(table.atSource())
            + " PARTITIONED BY (region) TBLPROPERTIES ('format-version' = '%d')".formatted(format));
    return table;
  }

  String atSource() {
    return "lake.%s.%s".formatted(namespace, name);
  }

  String atDestination() {
    return "eu.%s.%s".formatted(namespace, name);
  }

  /** All rows of all versions, as the session's catalog of the source gives them. */
  TableRows rowsAtSource(TableHistory history) {
    return TableRows.read(spark, atSource(), columns(), history.versions());
  }

  /** All rows of all versions, as the session's catalog of the replicas gives them. */
  TableRows rowsAtDestination(TableHistory history) {
    return TableRows.read(spark, atDestination(), columns(), history.versions());
  }

  private String columns() {
    return format < FIRST_WITH_ROW_IDS ? "*" : "_row_id, _last_updated_sequence_number, *";
  }

  /** Two rows a commit. */
  void insert(int number) {
    insertInto(atSource(), number, "");
  }

  void insertWithNote(int number) {
    insertInto(atSource(), number, ", 'note %d'".formatted(number));
  }

  void insertIntoBranch(String branch, int number) {
    insertInto(atSource() + ".branch_" + branch, number, "");
  }

  void alter(String change) {
    spark.run("ALTER TABLE " + atSource() + " " + change);
  }

  private void insertInto(String target, int number, String more) {
    spark.run(
        "INSERT INTO %1$s VALUES (%2$d, '%5$s', %2$d.5%3$s), (%4$d, '%5$s', NULL%3$s)"
            .formatted(target, number, more, number + 1000, number % 2 == 0 ? "eu" : "us"));
  }
}
