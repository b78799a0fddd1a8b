package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Replica;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.testing.Crash;
import java.nio.file.Path;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that was restored from a backup knows less than the bucket: replicas go on there. */
class RestoredDatabaseTest {
  @TempDir Path folder;
  private TestingLake lake;
  private HookedStore destination;
  private Table table;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    destination = new HookedStore(lake.store());
    lake.stores(lake.store(), destination);
    table = lake.create(TestingLake.EVENTS, "2", Map.of());
    lake.append(table, "a");
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private TableMetadata catchUp() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TableMetadata replica = lake.sync(replicator, table);
      ReplicaChecks.assertEqual(lake, table, replica);
      return replica;
    }
  }

  private Replica commitsAfterTheBackup() {
    lake.append(table, "b");
    catchUp();
    lake.append(table, "c");
    catchUp();
    Replica latest = lake.replica();
    assertThat(latest.generation()).isEqualTo(3);
    lake.restore();
    destination.forget();
    return latest;
  }

  @Test
  void commit_afterTheRestore_isAppliedToWhatTheBucketShows() {
    catchUp();
    lake.backUp();
    commitsAfterTheBackup();
    assertThat(lake.replica().generation()).isEqualTo(1);
    lake.append(table, "d");
    TableMetadata replica = catchUp();

    assertThat(lake.replica().generation()).isEqualTo(4);
    assertThat(replica.previousFiles()).hasSize(3);
    assertThat(lake.count("select count(*) from gap")).isZero();
    assertThat(destination.calls("PUT"))
        .extracting(HookedStore.Call::location)
        .noneMatch(location -> location.matches(".*/pointer/0*[123]\\.json"));
  }

  @Test
  void nothingNew_sinceTheRestore_bucketsVersionIsShown() {
    catchUp();
    lake.backUp();
    Replica latest = commitsAfterTheBackup();
    catchUp();

    assertThat(lake.replica().metadataLocation()).isEqualTo(latest.metadataLocation());
    assertThat(lake.replica().generation()).isEqualTo(latest.generation());
    assertThat(destination.calls("PUT")).isEmpty();
  }

  @Test
  void sourceThatCannotBeRead_nothingIsWrittenAndReplicaSaysWhy() {
    catchUp();
    lake.append(table, "waiting");
    Crash crash = new Crash(CrashPoint.CLAIMED);
    try (Replicator dying = lake.replicator(crash)) {
      dying.demand("main");
      assertThat(crash.awaitReached()).isTrue();
    }
    lake.backUp();
    catchUp();
    lake.append(table, "b");
    catchUp();
    lake.restore();
    destination.forget();

    FaultyReader reader = new FaultyReader(CatalogSourceReader.of(lake.catalog()));
    reader.silence();
    lake.reader(reader);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(() -> lake.replica().failure().isPresent());
    }
    assertThat(lake.replica().failure().orElseThrow().code()).isEqualTo("DATABASE_BEHIND");
    assertThat(lake.replica().failure().orElseThrow().message())
        .startsWith("the bucket shows generation 3 of this replica and the database knows 1");
    assertThat(destination.calls("PUT")).isEmpty();

    lake.reader(CatalogSourceReader.of(lake.catalog()));
    catchUp();
    assertThat(lake.replica().generation()).isEqualTo(3);
    assertThat(lake.replica().failure()).isEmpty();
    assertThat(destination.calls("PUT")).isEmpty();
  }
}
