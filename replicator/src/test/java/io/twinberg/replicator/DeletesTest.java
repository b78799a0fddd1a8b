package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replicator.MergeOnRead.Deleted;
import io.twinberg.testing.Crash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A table with deletes of every kind has the same rows at the destination, in every snapshot. */
class DeletesTest {
  @TempDir Path folder;

  private void follow(String version, BiConsumer<Table, MergeOnRead> history) {
    follow(version, history, lake -> {});
  }

  private void follow(
      String version, BiConsumer<Table, MergeOnRead> history, Consumer<TestingLake> more) {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create(TestingLake.EVENTS, version, Map.of());
      history.accept(table, new MergeOnRead(table));
      try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
        lake.awaitCurrent(table);
      }
      check(lake, table);
      more.accept(lake);
    }
  }

  private static void check(TestingLake lake, Table table) {
    assertWhole(lake);
    MergeOnRead.assertSameRows(lake, table);
    assertThat(lake.count("select count(*) from ledger where state <> 'LIVE'")).isZero();
  }

  /** Every path is in the replica's folder, every file and manifest as long as it is said to be. */
  private static void assertWhole(TestingLake lake) {
    TableMetadata replica = lake.published();
    for (Snapshot snapshot : replica.snapshots()) {
      for (ManifestFile manifest : snapshot.allManifests(lake.io())) {
        assertThat(lake.io().newInputFile(manifest.path()).getLength())
            .isEqualTo(manifest.length());
      }
      for (DeleteFile file : deletes(lake, replica, snapshot)) {
        assertThat(file.location()).startsWith(replica.location() + "/");
        assertThat(lake.io().newInputFile(file.location()).getLength())
            .as(file.location())
            .isEqualTo(file.fileSizeInBytes());
        if (file.referencedDataFile() != null) {
          assertThat(file.referencedDataFile()).startsWith(replica.location() + "/");
        }
      }
    }
  }

  private static List<DeleteFile> deletes(
      TestingLake lake, TableMetadata metadata, Snapshot snapshot) {
    List<DeleteFile> files = new ArrayList<>();
    for (ManifestFile manifest : snapshot.deleteManifests(lake.io())) {
      StreamSupport.stream(
              ManifestFiles.readDeleteManifest(manifest, lake.io(), metadata.specsById())
                  .spliterator(),
              false)
          .map(DeleteFile::copy)
          .forEach(files::add);
    }
    return files;
  }

  @ParameterizedTest
  @CsvSource({
    "PARQUET, false",
    "AVRO, false",
    "ORC, false",
    "PARQUET, true",
    "AVRO, true",
    "ORC, true"
  })
  void positionDeletes_ofEveryFormat_applyAtTheReplica(FileFormat format, boolean rows) {
    follow(
        "2",
        (table, mor) -> {
          DataFile a = mor.append("a", 1, 9);
          DataFile b = mor.append("b", 10, 19);
          mor.delete(mor.positions(format, "one", rows, new Deleted(a, 0, 3)));
          mor.delete(mor.positions(format, "two", rows, new Deleted(a, 5), new Deleted(b, 0, 9)));
        });
  }

  @Test
  void deletionVectors_severalInOnePuffinFile_applyAtTheReplica() {
    follow(
        "3",
        (table, mor) -> {
          DataFile a = mor.append("a", 1, 9);
          DataFile b = mor.append("b", 10, 19);
          DataFile c = mor.append("c", 20, 29);
          mor.delete(
              mor.vectors(new Deleted(a, 0, 3), new Deleted(b, 1), new Deleted(c, 2, 4))
                  .toArray(DeleteFile[]::new));
        });
  }

  @Test
  void equalityDeletes_betweenAppends_applyToOlderRowsOnly() {
    follow(
        "2",
        (table, mor) -> {
          mor.append("a", 1, 9);
          mor.delete(mor.ids("gone", 3, 4));
          mor.append("b", 3, 5);
        });
  }

  @Test
  void explicitSequenceNumber_ofACompaction_survivesSoThatLaterEqualityDeletesStillApply() {
    follow(
        "2",
        (table, mor) -> {
          DataFile a = mor.append("a", 1, 9);
          long startingAt = table.currentSnapshot().snapshotId();
          long sequenceNumber = table.currentSnapshot().sequenceNumber();
          mor.delete(mor.ids("gone", 3, 4));
          // What a compaction does that began before the delete and commits after it.
          table
              .newRewrite()
              .validateFromSnapshot(startingAt)
              .deleteFile(a)
              .addFile(mor.rows("compacted", 1, 9))
              .dataSequenceNumber(sequenceNumber)
              .commit();
          assertThat(MergeOnRead.ids(table, table.currentSnapshot().snapshotId()))
              .doesNotContain(3L, 4L);
        });
  }

  @Test
  void referencedDataFile_ofAVersionTwoPositionDelete_isMapped() {
    follow(
        "2",
        (table, mor) -> {
          DataFile a = mor.append("a", 1, 9);
          DeleteFile written = mor.positions(FileFormat.PARQUET, "one", false, new Deleted(a, 1));
          mor.delete(
              org.apache.iceberg.FileMetadata.deleteFileBuilder(PartitionSpec.unpartitioned())
                  .copy(written)
                  .withReferencedDataFile(a.location())
                  .build());
        });
  }

  @Test
  void carriedOverDeletes_inAMergedManifest_nameTheSameRewrittenFiles() {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table =
          lake.create(TestingLake.EVENTS, "2", Map.of("commit.manifest.min-count-to-merge", "2"));
      MergeOnRead mor = new MergeOnRead(table);
      DataFile a = mor.append("a", 1, 9);
      mor.delete(mor.positions(FileFormat.PARQUET, "one", false, new Deleted(a, 0)));
      try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
        lake.awaitCurrent(table);
        List<String> before = locations(lake);
        mor.delete(mor.positions(FileFormat.PARQUET, "two", false, new Deleted(a, 1)));
        lake.sync(replicator, table);

        assertThat(locations(lake)).hasSize(2).containsAll(before);
        assertThat(lake.count("select count(*) from ledger where kind = 'DELETE_FILE'"))
            .isEqualTo(2);
      }
      check(lake, table);
    }
  }

  private static List<String> locations(TestingLake lake) {
    TableMetadata replica = lake.published();
    return deletes(lake, replica, replica.currentSnapshot()).stream()
        .map(DeleteFile::location)
        .toList();
  }

  @Test
  void deletedEntry_whoseDeleteFileIsGone_isKeptAndNeverRead() {
    follow(
        "2",
        (table, mor) -> {
          DataFile a = mor.append("a", 1, 9);
          DeleteFile gone = mor.positions(FileFormat.PARQUET, "one", false, new Deleted(a, 1));
          mor.delete(gone);
          long marked = removed(table, mor, a, gone);
          table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
          assertThat(table.snapshots()).hasSize(1);
          table.io().deleteFile(gone.location());
          assertThat(table.currentSnapshot().snapshotId()).isEqualTo(marked);
        });
  }

  /** Compacts the delete away, which leaves a DELETED entry in a manifest of this snapshot. */
  private static long removed(Table table, MergeOnRead mor, DataFile data, DeleteFile delete) {
    table
        .newRewrite()
        .validateFromSnapshot(table.currentSnapshot().snapshotId())
        .deleteFile(data)
        .deleteFile(delete)
        .addFile(mor.rows("compacted", 3, 9))
        .commit();
    return table.currentSnapshot().snapshotId();
  }

  @Test
  void vectorReplaced_onTheSameDataFile_replicaHasBothSnapshots() {
    follow(
        "3",
        (table, mor) -> {
          DataFile a = mor.append("a", 1, 9);
          DeleteFile first = mor.vectors(new Deleted(a, 0)).get(0);
          mor.delete(first);
          DeleteFile second = mor.vectors(new Deleted(a, 0, 1)).get(0);
          table
              .newRowDelta()
              .validateFromSnapshot(table.currentSnapshot().snapshotId())
              .removeDeletes(first)
              .addDeletes(second)
              .commit();
        });
  }

  @Test
  void puffinFile_namedByManifestsOfSeveralSnapshots_isRewrittenOnce() {
    follow(
        "3",
        (table, mor) -> {
          DataFile a = mor.append("a", 1, 9);
          DataFile b = mor.append("b", 10, 19);
          List<DeleteFile> both = mor.vectors(new Deleted(a, 0, 3), new Deleted(b, 1));
          mor.delete(both.get(0));
          mor.delete(both.get(1));
        },
        lake ->
            assertThat(lake.count("select count(*) from ledger where kind = 'DELETE_FILE'"))
                .isEqualTo(1));
  }

  @ParameterizedTest
  @EnumSource(
      value = CrashPoint.class,
      names = {
        "CLAIMED",
        "PLANNED",
        "MANIFEST_STAGED",
        "SNAPSHOT_TRANSFERRED",
        "METADATA_WRITTEN",
        "FILES_COMPLETE",
        "PUBLISHED",
        "POINTER_WRITTEN"
      })
  void crash_atAnyPoint_lastVersionReadableAndNextProcessCompletes(CrashPoint point) {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
      MergeOnRead mor = new MergeOnRead(table);
      DataFile a = mor.append("a", 1, 9);
      mor.delete(mor.positions(FileFormat.AVRO, "one", false, new Deleted(a, 0)));
      mor.delete(mor.ids("gone", 3));
      Crash crash = new Crash(point);
      try (Replicator dying = lake.replicator(crash)) {
        assertThat(crash.awaitReached()).isTrue();
      }
      lake.reopen();
      assertThat(lake.replica().failure()).isEmpty();
      try (Replicator next = lake.replicator(CrashPoints.NONE)) {
        lake.sync(next, table);
      }
      check(lake, table);
    }
  }
}
