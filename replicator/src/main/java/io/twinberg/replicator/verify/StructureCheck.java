package io.twinberg.replicator.verify;

import io.twinberg.replicator.verify.Violation.Kind;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionStatisticsFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/**
 * Walks all that a replica's metadata reaches. Snapshots that the source still has come first, so
 * that each manifest is held against the source's where one of its snapshots allows it.
 */
final class StructureCheck {
  private static final int THREADS = 4;

  private final TableMetadata replica;
  private final FileIO io;
  private final FileRules rules;
  private final SourceSide source;
  private final ListComparison lists;
  private final ManifestCheck manifests;
  private final Findings findings;
  private final LongTable seen = new LongTable();

  StructureCheck(
      TableMetadata replica, FileIO io, FileRules rules, SourceSide source, Findings findings) {
    this.replica = replica;
    this.io = io;
    this.rules = rules;
    this.source = source;
    this.lists = new ListComparison(source, findings);
    this.manifests =
        new ManifestCheck(
            io,
            replica.specsById(),
            rules,
            source,
            new DeleteFileCheck(io, rules, findings),
            findings);
    this.findings = findings;
  }

  void run() throws InterruptedException {
    String metadata = String.valueOf(replica.metadataFileLocation());
    replica.previousFiles().forEach(entry -> rules.present(entry.file(), metadata));
    replica.statisticsFiles().forEach(file -> statistics(file, metadata));
    replica.partitionStatisticsFiles().forEach(file -> statistics(file, metadata));
    try (ManifestPool pool = new ManifestPool(THREADS)) {
      for (Snapshot snapshot : replica.snapshots()) {
        Optional<Snapshot> original = source.snapshot(snapshot.snapshotId());
        if (original.isPresent()) {
          snapshot(snapshot, original, pool);
        }
      }
      for (Snapshot snapshot : replica.snapshots()) {
        if (source.snapshot(snapshot.snapshotId()).isEmpty()) {
          snapshot(snapshot, Optional.empty(), pool);
        }
      }
      pool.finish();
    }
  }

  private void statistics(StatisticsFile file, String metadata) {
    rules.whole(file.path(), file.fileSizeInBytes(), metadata);
    findings.count(Checked.STATISTICS_FILES, 1);
  }

  private void statistics(PartitionStatisticsFile file, String metadata) {
    rules.whole(file.path(), file.fileSizeInBytes(), metadata);
    findings.count(Checked.STATISTICS_FILES, 1);
  }

  private void snapshot(Snapshot snapshot, Optional<Snapshot> original, ManifestPool pool)
      throws InterruptedException {
    findings.count(Checked.SNAPSHOTS, 1);
    Optional<List<ManifestFile>> listed = manifests(snapshot);
    if (listed.isEmpty()) {
      return;
    }
    Optional<List<ManifestFile>> originals = original.flatMap(source::manifests);
    if (originals.isPresent()) {
      compare(snapshot, listed.get(), original.orElseThrow(), originals.get());
    }
    for (int i = 0; i < listed.get().size(); i++) {
      ManifestFile manifest = listed.get().get(i);
      if (rules.whole(manifest.path(), manifest.length(), name(snapshot)) && isNew(manifest)) {
        Optional<ManifestFile> counterpart = counterpart(originals, i);
        pool.submit(() -> manifests.check(manifest, counterpart));
      }
    }
  }

  /** The order of a list is the source's. */
  private static Optional<ManifestFile> counterpart(
      Optional<List<ManifestFile>> originals, int index) {
    return originals.filter(there -> index < there.size()).map(there -> there.get(index));
  }

  private boolean isNew(ManifestFile manifest) {
    return seen.putIfAbsent(LocationHash.of(manifest.path()), 0).isEmpty();
  }

  private Optional<List<ManifestFile>> manifests(Snapshot snapshot) {
    String list = snapshot.manifestListLocation();
    if (list != null
        && !rules.present(list, "snapshot " + snapshot.snapshotId() + " of the metadata")) {
      return Optional.empty();
    }
    try {
      return Optional.of(SourceSide.fresh(snapshot).allManifests(io));
    } catch (RuntimeException | OutOfMemoryError e) {
      unreadable(name(snapshot), e);
      return Optional.empty();
    }
  }

  private void compare(
      Snapshot snapshot,
      List<ManifestFile> listed,
      Snapshot original,
      List<ManifestFile> originals) {
    String list = snapshot.manifestListLocation();
    String there = original.manifestListLocation();
    if (list != null && there != null) {
      try {
        lists.compare(source.io().newInputFile(there), io.newInputFile(list));
      } catch (RuntimeException | OutOfMemoryError e) {
        unreadable(list, e);
      }
    } else if (listed.size() != originals.size()) {
      findings.violation(
          Kind.COUNT_DIFFERS, name(snapshot), originals.size() + " manifests", listed.size());
    }
    findings.count(Checked.SNAPSHOTS_COMPARED, 1);
  }

  private void unreadable(String path, Throwable problem) {
    if (Trouble.of(problem) == Trouble.UNREACHABLE || problem instanceof StoppedException) {
      throw new UnfinishedException(path, problem);
    }
    findings.violation(Kind.UNREADABLE, path, "a manifest list", Trouble.line(problem));
  }

  private static String name(Snapshot snapshot) {
    String list = snapshot.manifestListLocation();
    return list == null ? "snapshot " + snapshot.snapshotId() : list;
  }
}
