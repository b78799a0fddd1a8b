package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoreException.Kind;
import io.twinberg.testing.Crash;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many waiting versions are applied as few, and nothing is lost by it. */
class CoalescingTest {
  @TempDir Path folder;
  private TestingLake lake;
  private Table table;

  @BeforeEach
  void replicateFirstVersion() {
    lake = new TestingLake(folder);
    table = lake.create("2");
    lake.append(table, "first");
    catchUp();
  }

  private void catchUp() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      ReplicaChecks.assertEqual(lake, table, lake.sync(replicator, table));
    }
  }

  @Test
  void manyVersions_allSnapshotsLiveOn_areAppliedAtOnce() {
    for (int i = 0; i < 8; i++) {
      lake.append(table, "f" + i);
    }
    catchUp();
    assertThat(lake.count("select count(*) from table_version")).isEqualTo(9);
    assertThat(lake.replica().generation()).isEqualTo(2);
    lake.close();
  }

  @Test
  void snapshotExpiredInBetween_filesStillThere_replicaKeepsIt() {
    lake.append(table, "a");
    long expired = table.currentSnapshot().snapshotId();
    lake.append(table, "b");
    table
        .expireSnapshots()
        .expireSnapshotId(expired)
        .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE)
        .commit();
    catchUp();
    assertThat(lake.published().snapshot(expired)).isNotNull();
    assertThat(lake.count("select count(*) from gap")).isZero();
    lake.close();
  }

  @Test
  void snapshotExpiredInBetween_filesGone_gapIsRecordedAndTheRestApplied() {
    lake.append(table, "a");
    final long expired = table.currentSnapshot().snapshotId();
    table.newDelete().deleteFile(KnownFilesTest.file(table, "a")).commit();
    KnownFilesTest.expire(table);
    catchUp();
    assertThat(lake.published().snapshot(expired)).isNull();
    assertThat(lake.strings("select reason from gap"))
        .singleElement()
        .asString()
        .contains("snapshot " + expired + " was expired at the source");
    assertThat(lake.replica().failure()).isEmpty();
    lake.close();
  }

  /** Stores that are spread over places say so of what one place does not have yet. */
  @Test
  void snapshotExpiredInBetween_filesSaidToBeGoneAndStillThere_replicaKeepsIt() {
    lake.append(table, "a");
    final long expired = table.currentSnapshot().snapshotId();
    final String list = table.currentSnapshot().manifestListLocation();
    lake.append(table, "b");
    table
        .expireSnapshots()
        .expireSnapshotId(expired)
        .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE)
        .commit();
    AtomicInteger asked = new AtomicInteger();
    HookedStore store = new HookedStore(lake.store());
    store.hook(
        call -> {
          boolean read = call.kind().equals("GET") && call.location().equals(list);
          if (read && asked.getAndIncrement() == 0) {
            throw new StoreException(Kind.MISSING, list, "not there yet");
          }
        });
    lake.stores(store, lake.store());
    catchUp();
    assertThat(asked).hasValueGreaterThan(1);
    assertThat(lake.published().snapshot(expired)).isNotNull();
    assertThat(lake.count("select count(*) from gap")).isZero();
    lake.close();
  }

  @Test
  void group_versionsBeforeAndAfter_areNotAppliedAcrossItsEdge() {
    TableIdentifier other = TableIdentifier.of("sales", "other");
    Table second = lake.create(other, "2", Map.of());
    Intents intents = new Intents(lake);
    lake.append(table, "before");
    lake.append(table, "in the group");
    lake.append(second, "in the group too");
    intents.transaction(List.of(TestingLake.EVENTS, other));
    reconcileOnly("select count(*) from version_group");
    lake.append(table, "after");
    catchUp();
    assertThat(lake.count("select count(*) from version_group where members = 2")).isEqualTo(1);
    assertThat(
            lake.count(
                """
                select count(*) from receipt r join replica p on p.id = r.replica_id
                join table_version v on v.position = r.position and v.table_id = p.table_id
                where v.group_id is not null and v.table_id = 1
                  and not exists (select 1 from table_version later
                                  where later.table_id = v.table_id and later.group_id = v.group_id
                                    and later.position > v.position)
                """))
        .as("the group's version is published by itself")
        .isEqualTo(1);
    assertThat(lake.count("select count(*) from intent where state = 'LOGGED'")).isEqualTo(1);
    lake.close();
  }

  /** A replicator whose lanes die at once, so that the log fills and nothing is applied. */
  private void reconcileOnly(String untilOne) {
    try (Replicator replicator = lake.replicator(new Crash(CrashPoint.CLAIMED))) {
      replicator.settled("main");
      TestingLake.await(() -> lake.count(untilOne) == 1);
    }
  }
}
