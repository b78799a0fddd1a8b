package io.twinberg.replicator.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.log.EntryKind;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.source.LoadResult;
import io.twinberg.source.MetadataJson;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotParser;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.io.FileIO;

/**
 * The source's end of a verification. Whatever it does not have any more, or does not give, is not
 * compared; it is never a violation.
 */
final class SourceSide {
  private final Findings findings;
  private final FileIO io;
  private final Optional<ObjectNode> tree;
  private final Optional<TableMetadata> metadata;

  /** Set once the source cannot be reached: asking on would only take time. */
  private final AtomicReference<Optional<String>> lost = new AtomicReference<>(Optional.empty());

  SourceSide(Subject subject, MetadataFiles files, Findings findings) {
    this.findings = findings;
    this.io = new StoreFileIO(subject.origin().store());
    String location = subject.sourceMetadataLocation();
    this.tree = read("the metadata " + location, () -> load(subject, files));
    this.metadata =
        tree.filter(json -> subject.kind() == EntryKind.TABLE)
            .flatMap(
                json ->
                    read(
                        "the metadata " + location,
                        () -> TableMetadataParser.fromJson(location, json)));
  }

  /** From the file, or from the catalog where it is the catalog's alone. */
  private static ObjectNode load(Subject subject, MetadataFiles files) {
    try {
      return MetadataJson.parse(
          files.read(subject.origin().store(), subject.sourceMetadataLocation()));
    } catch (RuntimeException e) {
      LoadResult answer = answer(subject);
      if (answer instanceof LoadResult.Loaded loaded
          && loaded.metadataLocation().equals(subject.sourceMetadataLocation())) {
        return loaded.tree();
      }
      throw e;
    }
  }

  private static LoadResult answer(Subject subject) {
    Subject.Origin origin = subject.origin();
    return subject.kind() == EntryKind.VIEW
        ? origin.reader().loadView(origin.table())
        : origin.reader().load(origin.table());
  }

  Optional<ObjectNode> tree() {
    return tree;
  }

  Optional<TableMetadata> metadata() {
    return metadata;
  }

  FileIO io() {
    return io;
  }

  /** The snapshot of an id, if the source's version has it. */
  Optional<Snapshot> snapshot(long id) {
    return metadata.map(version -> version.snapshot(id));
  }

  Optional<List<ManifestFile>> manifests(Snapshot snapshot) {
    return read(
        "the manifest list of snapshot " + snapshot.snapshotId(),
        () -> fresh(snapshot).allManifests(io));
  }

  /** Snapshots keep the manifests that they have read; a copy that is dropped does not. */
  static Snapshot fresh(Snapshot snapshot) {
    return SnapshotParser.fromJson(SnapshotParser.toJson(snapshot));
  }

  /** Reads something of the source; empty, and taken note of, where that does not work. */
  <T> Optional<T> read(String what, Supplier<T> reading) {
    Optional<String> gone = lost.get();
    if (gone.isPresent()) {
      findings.notCompared(what, gone.get());
      return Optional.empty();
    }
    try {
      return Optional.of(reading.get());
    } catch (StoppedException e) {
      throw e;
    } catch (RuntimeException e) {
      findings.notCompared(what, reason(e));
      return Optional.empty();
    }
  }

  private String reason(RuntimeException e) {
    return switch (Trouble.of(e)) {
      case MISSING -> "the source has deleted it";
      case UNREACHABLE -> {
        String reason = "the source cannot be read: " + Trouble.line(e);
        lost.set(Optional.of(reason));
        yield reason;
      }
      case DAMAGED -> "it cannot be read at the source: " + Trouble.line(e);
    };
  }
}
