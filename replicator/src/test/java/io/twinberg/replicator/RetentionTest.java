package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.Retention;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Replica;
import io.twinberg.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica keeps snapshots by its destination's retention, not by the source's. */
class RetentionTest {
  private static final Duration AGE = Duration.ofDays(10);

  @TempDir Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.now());
  private TestingLake lake;
  private HookedStore destination;
  private Table table;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    destination = new HookedStore(lake.store());
    lake.stores(lake.store(), destination);
    lake.clock(clock);
    lake.retention(new Retention.Bounded(AGE, 1));
    table = lake.create(TestingLake.EVENTS, "2", Map.of("commit.manifest-merge.enabled", "false"));
    lake.append(table, "a");
    lake.append(table, "b");
    lake.append(table, "c");
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private TableMetadata catchUp() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TableMetadata replica = lake.sync(replicator, table);
      ReplicaChecks.assertWhole(lake, replica);
      return replica;
    }
  }

  /** The newest file of each snapshot, which is named after its append. */
  private List<String> kept(TableMetadata replica) {
    return replica.snapshots().stream().map(snapshot -> newest(replica, snapshot)).toList();
  }

  private String newest(TableMetadata replica, Snapshot snapshot) {
    List<String> names = ReplicaChecks.names(lake, replica, snapshot);
    return names.get(names.size() - 1);
  }

  /** Lets time pass; the clock was set before the table's commits. */
  private void age(Duration age) {
    clock.step(age.plusHours(1));
  }

  private long snapshot(int back) {
    Snapshot snapshot = table.currentSnapshot();
    for (int i = 0; i < back; i++) {
      snapshot = table.snapshot(snapshot.parentId());
    }
    return snapshot.snapshotId();
  }

  @Test
  void commit_oldSnapshotsAreExpiredWithIt_andStayAway() {
    catchUp();
    age(AGE);
    lake.append(table, "d");
    assertThat(kept(catchUp())).containsExactly("d");
    assertThat(table.snapshots()).hasSize(4);
    lake.append(table, "e");
    assertThat(kept(catchUp())).containsExactly("e");
    assertThat(lake.published().snapshotLog())
        .extracting(HistoryEntry::snapshotId)
        .containsExactly(snapshot(0));
    assertThat(lake.replica().failure()).isEmpty();
  }

  @Test
  void noCommit_snapshotsComeDue_replicaExpiresThemByItself() {
    catchUp();
    Replica before = lake.replica();
    age(AGE);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(() -> lake.replica().pointerGeneration() > before.generation());
    }
    TableMetadata after = lake.published();
    ReplicaChecks.assertWhole(lake, after);
    assertThat(kept(after)).containsExactly("c");
    assertThat(after.previousFiles())
        .extracting(TableMetadata.MetadataLogEntry::file)
        .containsExactly(before.metadataLocation().orElseThrow());
    assertThat(lake.replica().position()).isEqualTo(before.position());
    assertThat(lake.replica().generation()).isEqualTo(before.generation() + 1);
    assertThat(lake.count("select count(*) from receipt where files = 1")).isEqualTo(1);
    assertThat(lake.count("select count(*) from replica_expiry where due_at is null")).isEqualTo(1);
    lake.append(table, "d");
    assertThat(kept(catchUp())).containsExactly("d");
  }

  @Test
  void backfill_snapshotsBeyondRetention_areNeverCopied() {
    table.newDelete().deleteFile(KnownFilesTest.file(table, "a")).commit();
    lake.append(table, "d");
    age(AGE);
    assertThat(kept(catchUp())).containsExactly("d");
    assertThat(destination.calls("COPY"))
        .extracting(call -> call.location().replaceAll(".*/", ""))
        .containsExactlyInAnyOrder("b.parquet", "c.parquet", "d.parquet");
  }

  @Test
  void rollback_toSnapshotThatTheReplicaExpired_itIsCopiedAgain() {
    catchUp();
    age(AGE);
    lake.append(table, "d");
    catchUp();
    table.manageSnapshots().rollbackTo(snapshot(2)).commit();
    TableMetadata replica = catchUp();
    assertThat(kept(replica)).containsExactly("b");
    assertThat(replica.currentSnapshot().snapshotId()).isEqualTo(snapshot(0));
  }

  @Test
  void retention_shortenedInTheConfiguration_holdsFromTheNextStartOn() {
    catchUp();
    age(Duration.ofDays(1));
    lake.retention(new Retention.Bounded(Duration.ofHours(1), 1));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(() -> lake.published().snapshots().size() == 1);
    }
  }
}
