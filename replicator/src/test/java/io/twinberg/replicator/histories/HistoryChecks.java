package io.twinberg.replicator.histories;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.replica.Replica;
import io.twinberg.storage.StoredObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionStatisticsFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/** What must hold of a replica after each look at its source. */
final class HistoryChecks {
  private final HistoryTable history;
  private final int fewest;
  private final FileIO io;
  // Every snapshot as the source first showed it: later its files may be gone there.
  private final Map<Long, Contents> atSource = new HashMap<>();
  private final Map<Long, Integer> schemaIds = new HashMap<>();
  private final Map<Long, String> checked = new HashMap<>();
  private TableMetadata last;
  private long deletions;
  private boolean movedSpec;
  private boolean movedSchema;

  /**
   * @param fewest how many snapshots of branches the replica keeps; 0: everything
   */
  HistoryChecks(HistoryTable history, int fewest) {
    this.history = history;
    this.fewest = fewest;
    this.io = history.lake.io();
  }

  /** Looks at the source's version, before anything can be removed from it. */
  void remember() {
    TableMetadata source = history.current();
    for (Snapshot snapshot : source.snapshots()) {
      schemaIds.putIfAbsent(snapshot.snapshotId(), snapshot.schemaId());
      atSource.computeIfAbsent(
          snapshot.snapshotId(), id -> Contents.of(source, id, io, history.mapping::map));
    }
  }

  /** Compares the replica with the source's current version, which it has just applied. */
  void check(Replica before, Replica after) {
    TableMetadata source = history.current();
    TableMetadata replica = history.published();
    if (history.lake.store.deletions() != deletions) {
      // What was there at the last look may be gone.
      deletions = history.lake.store.deletions();
      checked.clear();
    }
    assertThat(after.position()).isGreaterThanOrEqualTo(before.position());
    checkSynchronized(source, replica);
    checkNumbered(source, replica);
    checkSnapshots(source, replica);
    checkLog(source, replica);
    checkStatistics(source, replica);
    movedSpec |= replica.specsById().keySet().stream().anyMatch(id -> id >= 1_000_000);
    movedSchema |= replica.snapshots().stream().anyMatch(this::hasMovedSchema);
    last = replica;
  }

  private boolean hasMovedSchema(Snapshot snapshot) {
    return !Objects.equals(
        snapshot.schemaId(), schemaIds.getOrDefault(snapshot.snapshotId(), snapshot.schemaId()));
  }

  /** Whether the replica had to give an old partition spec another id. */
  boolean movedSpec() {
    return movedSpec;
  }

  /** Whether the replica had to give an old schema another id. */
  boolean movedSchema() {
    return movedSchema;
  }

  /** A second look at the same version changes nothing. */
  void checkIdempotent(Replica after) {
    Replica again = history.sync();
    assertThat(again.generation()).isEqualTo(after.generation());
    assertThat(again.metadataLocation()).isEqualTo(after.metadataLocation());
  }

  /** The replica's folder holds what its metadata names, its last pointer object, and no more. */
  void checkNothingElse() {
    TableMetadata replica = history.published();
    Set<String> named = new HashSet<>();
    named.add(replica.metadataFileLocation());
    replica.previousFiles().forEach(file -> named.add(file.file()));
    replica.statisticsFiles().forEach(file -> named.add(file.path()));
    replica.partitionStatisticsFiles().forEach(file -> named.add(file.path()));
    for (Snapshot snapshot : replica.snapshots()) {
      if (snapshot.manifestListLocation() != null) {
        named.add(snapshot.manifestListLocation());
      }
      snapshot.allManifests(io).forEach(manifest -> named.add(manifest.path()));
      named.addAll(Contents.sizes(replica, snapshot, io).keySet());
    }
    Replica row = history.replica();
    named.add("%s/metadata/pointer/%020d.json".formatted(row.folder(), row.generation()));
    assertThat(history.lake.store.list(row.folder()))
        .extracting(StoredObject::location)
        .containsExactlyInAnyOrderElementsOf(named);
  }

  private void checkSynchronized(TableMetadata source, TableMetadata replica) {
    assertThat(fields(replica)).isEqualTo(fields(source));
    assertThat(replica.refs()).isEqualTo(source.refs());
    assertThat(replica.properties().keySet()).isEqualTo(source.properties().keySet());
    assertThat(replica.location()).isEqualTo(history.replica().folder());
  }

  private static List<String> fields(TableMetadata metadata) {
    return List.of(
        "uuid " + metadata.uuid(),
        "format " + metadata.formatVersion(),
        "sequence number " + metadata.lastSequenceNumber(),
        "updated " + metadata.lastUpdatedMillis(),
        "current "
            + (metadata.currentSnapshot() == null ? "" : metadata.currentSnapshot().snapshotId()),
        "schema " + metadata.currentSchemaId() + " " + metadata.schema().asStruct(),
        "spec " + metadata.spec(),
        "order " + metadata.sortOrder(),
        "last column " + metadata.lastColumnId(),
        "last partition " + metadata.lastAssignedPartitionId(),
        "next row " + metadata.nextRowId());
  }

  private static void checkNumbered(TableMetadata source, TableMetadata replica) {
    source
        .schemasById()
        .forEach(
            (id, schema) ->
                assertThat(replica.schemasById().get(id).asStruct()).isEqualTo(schema.asStruct()));
    source
        .specsById()
        .forEach((id, spec) -> assertThat(replica.specsById()).containsEntry(id, spec));
    source
        .sortOrdersById()
        .forEach((id, order) -> assertThat(replica.sortOrdersById()).containsEntry(id, order));
  }

  private void checkSnapshots(TableMetadata source, TableMetadata replica) {
    Set<Long> present = ids(replica);
    assertThat(present).isEqualTo(expected(source));
    replica.snapshots().forEach(snapshot -> checkSnapshot(replica, snapshot));
    assertThat(replica.snapshots())
        .extracting(Snapshot::sequenceNumber)
        .isSortedAccordingTo(Long::compare);
  }

  /** What the replica should have: all that it ever had and the source has, or the latest few. */
  private Set<Long> expected(TableMetadata source) {
    Set<Long> united = ids(source);
    if (last != null) {
      united.addAll(ids(last));
    }
    return fewest == 0 ? united : few(source, united);
  }

  private Set<Long> few(TableMetadata source, Set<Long> united) {
    Set<Long> kept = new HashSet<>();
    for (SnapshotRef ref : source.refs().values()) {
      Long id = ref.snapshotId();
      for (int i = 0; i < (ref.isBranch() ? fewest : 1) && united.contains(id); i++) {
        kept.add(id);
        Snapshot snapshot =
            source.snapshot(id) == null && last != null ? last.snapshot(id) : source.snapshot(id);
        id = snapshot.parentId();
      }
    }
    return kept;
  }

  private static Set<Long> ids(TableMetadata metadata) {
    Set<Long> ids = new HashSet<>();
    metadata.snapshots().forEach(snapshot -> ids.add(snapshot.snapshotId()));
    return ids;
  }

  private void checkSnapshot(TableMetadata replica, Snapshot snapshot) {
    // Files never change: only another list, schema or spec can change what a snapshot means.
    String meaning =
        snapshot.manifestListLocation()
            + snapshot.schemaId()
            + replica.schemasById().get(snapshot.schemaId())
            + replica.specsById();
    if (meaning.equals(checked.put(snapshot.snapshotId(), meaning))) {
      return;
    }
    Contents contents = Contents.of(replica, snapshot.snapshotId(), io, UnaryOperator.identity());
    assertThat(contents)
        .as("snapshot %s", snapshot.snapshotId())
        .isEqualTo(atSource.get(snapshot.snapshotId()));
    if (snapshot.manifestListLocation() != null) {
      assertIn(snapshot.manifestListLocation());
    }
    for (ManifestFile manifest : snapshot.allManifests(io)) {
      assertIn(manifest.path());
      assertThat(history.lake.store.length(manifest.path())).hasValue(manifest.length());
    }
    Contents.sizes(replica, snapshot, io).forEach(this::there);
  }

  private void assertIn(String path) {
    assertThat(path).startsWith(history.replica().folder() + "/");
  }

  private void checkLog(TableMetadata source, TableMetadata replica) {
    List<Long> log = log(replica);
    List<Long> tail = log(source);
    if (fewest == 0) {
      assertThat(log.subList(Math.max(0, log.size() - tail.size()), log.size())).isEqualTo(tail);
      if (last != null) {
        assertThat(log.subList(0, Math.min(log.size(), log(last).size()))).isEqualTo(log(last));
      }
    } else {
      assertThat(ids(replica)).containsAll(log);
    }
  }

  private static List<Long> log(TableMetadata metadata) {
    return metadata.snapshotLog().stream().map(HistoryEntry::snapshotId).toList();
  }

  private void checkStatistics(TableMetadata source, TableMetadata replica) {
    List<String> wanted = new ArrayList<>();
    Set<Long> present = ids(replica);
    for (StatisticsFile file : source.statisticsFiles()) {
      if (present.contains(file.snapshotId())) {
        wanted.add(history.mapping.map(file.path()));
      }
    }
    for (PartitionStatisticsFile file : source.partitionStatisticsFiles()) {
      if (present.contains(file.snapshotId())) {
        wanted.add(history.mapping.map(file.path()));
      }
    }
    List<String> found = new ArrayList<>();
    replica
        .statisticsFiles()
        .forEach(file -> found.add(there(file.path(), file.fileSizeInBytes())));
    replica
        .partitionStatisticsFiles()
        .forEach(file -> found.add(there(file.path(), file.fileSizeInBytes())));
    assertThat(found).containsAll(wanted);
  }

  private String there(String path, long length) {
    assertIn(path);
    assertThat(history.lake.store.length(path)).hasValue(length);
    return path;
  }
}
