package io.twinberg.command;

import java.io.PrintWriter;

/** How engines attach to a catalog that runs here. */
final class Attach {
  private Attach() {}

  /** Prints the lines for each engine, and which of them the project's tests run. */
  static void print(PrintWriter out, String base) {
    String uri = base + "/catalogs/replica";
    out.printf("Spark 3.5 (run by the tests):%n");
    out.printf(
        "  spark-sql --packages org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.12.0 \\%n");
    out.printf("    --conf spark.sql.catalog.replica=org.apache.iceberg.spark.SparkCatalog \\%n");
    out.printf("    --conf spark.sql.catalog.replica.type=rest \\%n");
    out.printf("    --conf spark.sql.catalog.replica.uri=%s%n", uri);
    out.printf("Trino 476 (run by the tests, on S3), in etc/catalog/replica.properties:%n");
    out.printf("  connector.name=iceberg%n  iceberg.catalog.type=rest%n");
    out.printf("  iceberg.rest-catalog.uri=%s%n", uri);
    out.printf("DuckDB (not run by the tests):%n");
    out.printf(
        "  ATTACH '' AS replica (TYPE iceberg, ENDPOINT '%s', AUTHORIZATION_TYPE 'none');%n", uri);
    out.printf("PyIceberg (not run by the tests):%n");
    out.printf("  load_catalog('replica', type='rest', uri='%s')%n%n", uri);
  }
}
