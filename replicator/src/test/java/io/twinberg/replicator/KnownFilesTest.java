package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replicator.HookedStore.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestWriter;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever shape a table's history takes, the replica has every file, and none is copied twice. */
class KnownFilesTest {
  @TempDir Path folder;

  private HookedStore source;
  private HookedStore destination;

  private TestingLake lake() {
    TestingLake lake = new TestingLake(folder);
    source = new HookedStore(lake.store());
    destination = new HookedStore(lake.store());
    lake.stores(source, destination);
    return lake;
  }

  /** Appends two files, lets the change follow, and checks the replica after each. */
  private void follow(Map<String, String> properties, Consumer<Table> change, int copies) {
    try (TestingLake lake = lake()) {
      Table table = lake.create(TestingLake.EVENTS, "2", properties);
      lake.append(table, "a", "b");
      lake.append(table, "c");
      try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
        lake.awaitCurrent(table);
        source.forget();
        destination.forget();
        change.accept(table);
        ReplicaChecks.assertEqual(lake, table, lake.sync(replicator, table));
        assertThat(destination.calls("COPY")).hasSize(copies);
      }
    }
  }

  @Test
  void append_tableWithManyManifests_costsTheFixedNumberOfRequests() {
    try (TestingLake lake = lake()) {
      Table table =
          lake.create(TestingLake.EVENTS, "2", Map.of("commit.manifest-merge.enabled", "false"));
      for (int i = 0; i < 12; i++) {
        lake.append(table, "f" + i);
      }
      try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
        lake.awaitCurrent(table);
        source.forget();
        destination.forget();
        lake.append(table, "one more");
        lake.sync(replicator, table);
      }
      assertThat(source.calls()).extracting(Call::kind).containsExactly("GET", "GET");
      assertThat(destination.calls())
          .extracting(Call::kind)
          .containsExactlyInAnyOrder("COPY", "HEAD", "PUT", "PUT", "PUT", "PUT");
    }
  }

  @Test
  void mergedManifests_filesOfReplacedOnes_areNotCopiedAgain() {
    follow(Map.of("commit.manifest.min-count-to-merge", "2"), table -> append(table, "d"), 1);
  }

  @Test
  void rewriteManifests_allReplaced_nothingIsCopied() {
    follow(
        Map.of("commit.manifest-merge.enabled", "false"),
        table -> table.rewriteManifests().clusterBy(file -> "one").commit(),
        0);
  }

  @Test
  void delete_wholeFile_remainingEntriesAreKnown() {
    follow(
        Map.of(),
        table -> table.newDelete().deleteFile(table.location() + "/data/a.parquet").commit(),
        0);
  }

  @Test
  void overwrite_wholeFile_onlyTheNewFileIsCopied() {
    follow(
        Map.of(),
        table ->
            table
                .newOverwrite()
                .deleteFile(file(table, "a"))
                .addFile(TestingLake.dataFile(table, "d"))
                .commit(),
        1);
  }

  @Test
  void rollbackAndNewCommit_bothBranchesOfHistoryAreThere() {
    follow(
        Map.of(),
        table -> {
          table.manageSnapshots().rollbackTo(table.currentSnapshot().parentId()).commit();
          append(table, "d");
        },
        1);
  }

  @Test
  void cherryPick_stagedSnapshotBehindAnotherCommit_replicaHasBoth() {
    follow(
        Map.of(),
        table -> {
          table.newAppend().appendFile(TestingLake.dataFile(table, "d")).stageOnly().commit();
          append(table, "e");
          long staged =
              TestingLake.current(table).snapshots().stream()
                  .filter(snapshot -> names(snapshot, table).contains("d.parquet"))
                  .findFirst()
                  .orElseThrow()
                  .snapshotId();
          table.manageSnapshots().cherrypick(staged).commit();
        },
        // The cherry-picked file is live in two manifests of two snapshots: copied with each.
        3);
  }

  private static String names(Snapshot snapshot, Table table) {
    StringBuilder names = new StringBuilder();
    added(table, snapshot).forEach(file -> names.append(file.location()));
    return names.toString();
  }

  @Test
  void branchCommit_besideMain_replicaHasTheBranch() {
    follow(
        Map.of(),
        table -> {
          table.manageSnapshots().createBranch("audit").commit();
          table.newAppend().appendFile(TestingLake.dataFile(table, "d")).toBranch("audit").commit();
        },
        1);
  }

  @Test
  void backfill_sourceExpiredHistoryBefore_replicaHasWhatIsLeft() {
    try (TestingLake lake = lake()) {
      Table table = lake.create("2");
      lake.append(table, "a");
      table.newDelete().deleteFile(file(table, "a")).commit();
      lake.append(table, "b");
      expire(table);
      try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
        ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
      }
      assertThat(lake.published().snapshots()).hasSize(1);
    }
  }

  @Test
  void existingEntry_writersClaimIsFalse_fileIsCopiedAllTheSame() {
    follow(
        Map.of("commit.manifest-merge.enabled", "false"),
        table -> {
          Snapshot first = table.snapshot(table.currentSnapshot().parentId());
          ManifestFile replaced = first.allManifests(table.io()).get(0);
          table
              .rewriteManifests()
              .deleteManifest(replaced)
              .addManifest(claimed(table, first, "x", "y"))
              .commit();
        },
        2);
  }

  /** A manifest that says of files which were never committed that an old snapshot added them. */
  private static ManifestFile claimed(Table table, Snapshot snapshot, String... names) {
    String path = table.location() + "/metadata/claimed.avro";
    ManifestWriter<DataFile> writer =
        ManifestFiles.write(2, table.spec(), table.io().newOutputFile(path), null);
    try (writer) {
      for (String name : names) {
        writer.existing(
            TestingLake.dataFile(table, name),
            snapshot.snapshotId(),
            snapshot.sequenceNumber(),
            snapshot.sequenceNumber());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return writer.toManifestFile();
  }

  private static void append(Table table, String name) {
    table.newAppend().appendFile(TestingLake.dataFile(table, name)).commit();
  }

  private static Iterable<DataFile> added(Table table, Snapshot snapshot) {
    return SnapshotChanges.builderFor(table).snapshot(snapshot).build().addedDataFiles();
  }

  static DataFile file(Table table, String name) {
    for (Snapshot snapshot : table.snapshots()) {
      for (DataFile file : added(table, snapshot)) {
        if (file.location().endsWith("/" + name + ".parquet")) {
          return file;
        }
      }
    }
    throw new IllegalStateException("no file " + name);
  }

  static void expire(Table table) {
    table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
  }
}
