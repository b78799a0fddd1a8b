package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One bucket under three schemes: whatever a writer wrote, it is read, and mapped as written. */
class SchemesTest {
  @TempDir static Path folder;
  private static S3Server server;
  private static TestingLake lake;
  private static Replicator replicator;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(Files.createDirectory(folder.resolve("s3")), "key", "secret-secret");
    server.createBucket("lake");
    server.createBucket("replicas");
    lake = TestingLake.onS3(folder, "s3://lake/wh", "s3://replicas/eu", server.properties());
    lake.allowedLocations("s3a://lake/");
    replicator = lake.replicator(CrashPoints.NONE);
  }

  @AfterAll
  static void stop() {
    replicator.close();
    lake.close();
    server.close();
  }

  private static Table table(String scheme) {
    TableIdentifier name = TableIdentifier.of("sales", "by_" + scheme);
    lake.catalog()
        .buildTable(name, TestingLake.SCHEMA)
        .withLocation(scheme + "://lake/wh/by_" + scheme)
        .create();
    return lake.catalog().loadTable(name);
  }

  private static TableMetadata replicated(Table table) {
    TableMetadata replica = lake.sync(replicator, table);
    ReplicaChecks.assertEqual(lake, table, replica);
    return replica;
  }

  private static void assertOrdinary(Table table) {
    lake.append(table, "a");
    TableMetadata replica = replicated(table);
    assertThat(ReplicaChecks.locations(lake, replica, replica.currentSnapshot()))
        .containsExactly(replica.location() + "/data/a.parquet");
  }

  @Test
  void s3_allowedAsS3a_isReplicated() {
    assertOrdinary(table("s3"));
  }

  @Test
  void s3a_isReplicated() {
    assertOrdinary(table("s3a"));
  }

  @Test
  void s3n_isReplicated() {
    assertOrdinary(table("s3n"));
  }

  @Test
  void mixedSchemes_inOneTable_areAllReadAndKeptApart() {
    Table table =
        lake.create(
            TableIdentifier.of("sales", "mixed"),
            "2",
            Map.of("commit.manifest-merge.enabled", "false"));
    lake.append(table, "a");
    for (String scheme : List.of("s3a", "s3n", "s3")) {
      table.updateLocation().setLocation(scheme + "://lake/wh/mixed-" + scheme).commit();
      lake.append(table, "a");
    }
    TableMetadata replica = replicated(table);
    assertThat(ReplicaChecks.locations(lake, replica, replica.currentSnapshot()))
        .hasSize(4)
        .doesNotHaveDuplicates();
  }
}
