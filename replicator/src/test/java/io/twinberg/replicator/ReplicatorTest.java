package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The replicator end to end in one process, on real files. */
class ReplicatorTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"2", "3"})
  void increments_appendOnlyTable_replicaHasEverySnapshotAndFile(String formatVersion) {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create(formatVersion);
      lake.append(table, "a", "b");
      try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
        lake.awaitCurrent(table);
        for (int i = 0; i < 5; i++) {
          lake.append(table, "f" + i);
          replicator.demand("main");
          lake.awaitCurrent(table);
        }
        table.manageSnapshots().createTag("first", table.history().get(0).snapshotId()).commit();
        replicator.demand("main");
        TableMetadata replica = lake.awaitCurrent(table);

        assertThat(replica.uuid()).isEqualTo(table.uuid().toString());
        assertThat(replica.location()).isEqualTo(lake.replica().folder());
        assertThat(replica.snapshots()).hasSize(6);
        assertThat(replica.refs()).containsOnlyKeys("main", "first");
        table.snapshots().forEach(snapshot -> assertSame(lake, table, snapshot, replica));
      }
    }
  }

  private static void assertSame(
      TestingLake lake, Table table, Snapshot source, TableMetadata replica) {
    Snapshot copy = replica.snapshot(source.snapshotId());
    assertThat(copy.sequenceNumber()).isEqualTo(source.sequenceNumber());
    assertThat(copy.timestampMillis()).isEqualTo(source.timestampMillis());
    assertThat(copy.parentId()).isEqualTo(source.parentId());
    assertThat(copy.summary()).isEqualTo(source.summary());
    List<String> sourceFiles = contents(lake, source, table);
    assertThat(contents(lake, copy, table)).isEqualTo(sourceFiles).isNotEmpty();
    copy.allManifests(lake.io())
        .forEach(manifest -> assertThat(manifest.path()).startsWith(replica.location() + "/"));
  }

  /** The bytes of all live files of a snapshot, read through its manifests. */
  private static List<String> contents(TestingLake lake, Snapshot snapshot, Table table) {
    return snapshot.allManifests(lake.io()).stream()
        .flatMap(
            manifest ->
                StreamSupport.stream(
                    ManifestFiles.read(manifest, lake.io(), table.specs()).spliterator(), false))
        .map(file -> read(lake, file.location()))
        .sorted()
        .toList();
  }

  private static String read(TestingLake lake, String location) {
    try (var in = lake.io().newInputFile(location).newStream()) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
