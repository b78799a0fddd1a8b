package io.twinberg.it.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.it.engine.SparkCatalog;
import io.twinberg.it.engine.SparkError;
import io.twinberg.it.engine.SparkProcess;
import io.twinberg.testing.S3Server;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The harness itself: Spark writes through the fixture catalog to S3 and reads back. */
class SparkHarnessIT {
  @TempDir static Path directory;

  private static S3Server s3;
  private static FixtureCatalog fixture;

  private final SparkProcess spark = SparkProcess.shared();

  @BeforeAll
  static void startServers() {
    s3 = S3Server.start(directory, "harness", "harness-secret");
    s3.createBucket("lake");
    fixture =
        FixtureCatalog.start(
            FixtureSettings.onS3(
                directory.resolve("catalog"), "s3://lake/warehouse", s3.properties()));
  }

  @AfterAll
  static void stopServers() {
    if (fixture != null) {
      fixture.close();
    }
    s3.stop();
  }

  @BeforeEach
  void openSession() {
    spark.session(SparkCatalog.of("lake", fixture.uri()).withStorage(s3.properties()));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void table_ofEitherFormat_isWrittenAndReadAtEveryVersion(int format) {
    String namespace = "lake.v" + format;
    String table = namespace + ".t";
    spark.run(
        "CREATE NAMESPACE " + namespace,
        "CREATE TABLE %s (id BIGINT, region STRING) USING iceberg PARTITIONED BY (region)"
                .formatted(table)
            + " TBLPROPERTIES ('format-version' = '%d')".formatted(format),
        "INSERT INTO " + table + " VALUES (1, 'eu'), (2, 'us')",
        "INSERT INTO " + table + " VALUES (3, 'eu')",
        "ALTER TABLE " + table + " CREATE TAG two_inserts",
        "ALTER TABLE " + table + " CREATE BRANCH audit",
        "ALTER TABLE " + table + " ADD COLUMN amount DECIMAL(9, 2)",
        "INSERT INTO " + table + " VALUES (4, 'us', 1.50)");

    assertThat(spark.rows("SELECT * FROM " + table + " ORDER BY id"))
        .containsExactly(
            row(1L, "eu", null), row(2L, "us", null), row(3L, "eu", null), row(4L, "us", "1.50"));
    assertThat(spark.rows("SELECT operation FROM " + table + ".snapshots"))
        .isEqualTo(List.of(row("append"), row("append"), row("append")));
    assertThat(spark.rows("SELECT name, type FROM " + table + ".refs ORDER BY name"))
        .containsExactly(row("audit", "BRANCH"), row("main", "BRANCH"), row("two_inserts", "TAG"));
    assertThat(count(table + " VERSION AS OF 'two_inserts'")).isEqualTo(3L);
    assertThat(count(table + " VERSION AS OF " + firstSnapshot(table))).isEqualTo(2L);

    spark.run("INSERT INTO " + table + ".branch_audit VALUES (5, 'eu', 2)");
    assertThat(count(table + " VERSION AS OF 'audit'")).isEqualTo(4L);
    assertThat(count(table)).isEqualTo(4L);
    assertThat(directory.resolve("lake/warehouse/v" + format + "/t/metadata"))
        .isNotEmptyDirectory();
  }

  @Test
  void statement_onMissingTable_isReportedAsError() {
    SparkError error = spark.error("SELECT * FROM lake.nowhere.missing");

    assertThat(error.type()).endsWith("AnalysisException");
    assertThat(error.message()).contains("TABLE_OR_VIEW_NOT_FOUND", "missing");
    assertThat(spark.value("SELECT 1")).isEqualTo(1L);
  }

  @Test
  void catalog_killedAndRestartedOnItsData_keepsTables() {
    spark.run(
        "CREATE NAMESPACE lake.kept",
        "CREATE TABLE lake.kept.t (id BIGINT) USING iceberg",
        "INSERT INTO lake.kept.t VALUES (1)");

    fixture.kill();
    assertThat(fixture.isRunning()).isFalse();
    fixture.restart();

    spark.run("INSERT INTO lake.kept.t VALUES (2)");
    assertThat(spark.rows("SELECT id FROM lake.kept.t ORDER BY id"))
        .containsExactly(row(1L), row(2L));
  }

  @Test
  void nestedNamespace_withDots_isFoundAgain() {
    spark.run(
        "CREATE NAMESPACE lake.outer",
        "CREATE NAMESPACE lake.outer.inner",
        "CREATE TABLE lake.outer.inner.t (id BIGINT) USING iceberg");

    assertThat(spark.rows("SHOW NAMESPACES IN lake.outer")).containsExactly(row("outer.inner"));
    assertThat(count("lake.outer.inner.t")).isEqualTo(0L);
  }

  @Test
  void values_ofEveryKind_comeBackAsPlainOnes() {
    assertThat(
            spark.rows(
                "SELECT 'Zürich', 1.5D, X'00ff', DATE '2026-01-02', array(1, null),"
                    + " map('k', 2), named_struct('f', true)"))
        .containsExactly(
            row(
                "Zürich",
                1.5,
                "00ff",
                "2026-01-02",
                row(1L, null),
                Map.of("k", 2L),
                Map.of("f", true)));
  }

  private long count(String table) {
    return (long) spark.value("SELECT count(*) FROM " + table);
  }

  private Object firstSnapshot(String table) {
    return spark.value(
        "SELECT snapshot_id FROM %s.snapshots WHERE parent_id IS NULL".formatted(table));
  }

  private static List<Object> row(Object... cells) {
    return Arrays.asList(cells);
  }
}
