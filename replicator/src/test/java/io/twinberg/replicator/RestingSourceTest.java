package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.source.CatalogSourceReader;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps of a source that tells which metadata file a table has, without reading it. */
class RestingSourceTest {
  @TempDir private Path folder;
  private TestingLake lake;
  private FaultyReader reader;
  private Table table;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    reader = new FaultyReader(CatalogSourceReader.of(lake.catalog(), lake::metadataLocation));
    lake.reader(reader);
    table = lake.create("2");
    lake.append(table, "a");
  }

  @AfterEach
  void close() {
    lake.close();
  }

  /** Waits for a look at every table that begins after this. */
  private void awaitLooks(Replicator replicator) {
    lake.sql("update source_table set checked_at = null");
    replicator.demand("main");
    TestingLake.await(
        () ->
            lake.count(
                    "select count(*) from source_table where lifecycle = 'ACTIVE' and checked_at is null")
                == 0);
  }

  @Test
  void look_atAnUnchangedTable_loadsNothing() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      awaitLooks(replicator);
      int loads = reader.loads();

      awaitLooks(replicator);

      assertThat(reader.loads()).isEqualTo(loads);
      assertThat(lake.count("select unchanged_checks from source_table")).isPositive();
    }
  }

  @Test
  void look_atATableThatWasCommittedTo_findsTheVersion() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      awaitLooks(replicator);
      int loads = reader.loads();

      lake.append(table, "b");

      ReplicaChecks.assertEqual(lake, table, lake.sync(replicator, table));
      assertThat(reader.loads()).isGreaterThan(loads);
    }
  }

  @Test
  void look_atATableThatWasDropped_findsThatItIsGone() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);

      lake.catalog().dropTable(TestingLake.EVENTS, false);
      replicator.demand("main");

      lake.awaitReplica(
          TestingLake.EVENTS, now -> now.lifecycle() == ReplicaLifecycle.SOURCE_DROPPED);
    }
  }

  /** What a look does besides asking the source. */
  @Test
  void look_atAnUnchangedTable_bringsItsReplicasToWhereTheRulesWantThem() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      awaitLooks(replicator);
      lake.sql("update replica set lifecycle = 'UNMATCHED'");

      replicator.demand("main");

      lake.awaitReplica(TestingLake.EVENTS, now -> now.lifecycle() == ReplicaLifecycle.ACTIVE);
    }
  }

  /** Both names lead to the metadata file at which the log has each of them. */
  @Test
  void look_atTwoNamesOfOneMetadataFile_keepsTheirReplicasApart() {
    TableIdentifier twin = TableIdentifier.of("sales", "twin");
    lake.catalog().registerTable(twin, lake.metadataLocation(TestingLake.EVENTS).orElseThrow());
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      lake.awaitCurrent(lake.catalog().loadTable(twin));

      awaitLooks(replicator);

      assertThat(lake.strings("select name from replica where lifecycle = 'ACTIVE' order by name"))
          .isEqualTo(List.of("events", "twin"));
    }
  }
}
