package io.twinberg.replicator.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.log.EntryKind;
import io.twinberg.operation.RowScope;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.verify.Violation.Kind;
import io.twinberg.source.MetadataJson;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.io.FileIO;

/** Verifies replicas; writes nothing, anywhere. */
public final class ReplicaVerifier {
  private static final String ROWS_NOTE =
      "rows were not compared: a data file with other bytes of the same length would not be found";

  private final MetadataFiles files;
  private final Clock clock;

  /** A verifier that reads metadata files up to a limit. */
  public ReplicaVerifier(MetadataFiles files, Clock clock) {
    this.files = files;
    this.clock = clock;
  }

  /**
   * Verifies the version that a replica shows now.
   *
   * @throws UnfinishedException when the destination cannot be read at the moment
   * @throws InterruptedException when the process ends
   */
  public VerifyReport verify(Subject subject, RowScope rows, Progress progress)
      throws InterruptedException {
    Findings findings = new Findings(progress);
    try {
      if (subject.kind() == EntryKind.VIEW) {
        new ViewCheck(subject, files, findings).run();
      } else {
        table(subject, rows, findings);
      }
    } catch (StoppedException | UnfinishedException e) {
      throw e;
    } catch (RuntimeException e) {
      if (Trouble.of(e) == Trouble.UNREACHABLE) {
        throw new UnfinishedException(subject.folder(), e);
      }
      throw e;
    }
    return findings.report(subject);
  }

  private void table(Subject subject, RowScope rows, Findings findings)
      throws InterruptedException {
    if (rows == RowScope.NONE) {
      findings.note(ROWS_NOTE);
    }
    Optional<ObjectNode> replica = metadata(subject, findings);
    if (replica.isPresent()) {
      verify(subject, replica.get(), rows, findings);
    }
  }

  private Optional<ObjectNode> metadata(Subject subject, Findings findings) {
    String location = subject.metadataLocation();
    try {
      ObjectNode json = MetadataJson.parse(files.read(subject.store(), location));
      return TableMetadataParser.fromJson(location, json).location() == null
          ? Optional.empty()
          : Optional.of(json);
    } catch (RuntimeException e) {
      if (Trouble.of(e) == Trouble.UNREACHABLE) {
        throw e;
      }
      findings.violation(Kind.METADATA_UNREADABLE, location, "table metadata", Trouble.line(e));
      return Optional.empty();
    }
  }

  private void verify(Subject subject, ObjectNode json, RowScope rows, Findings findings)
      throws InterruptedException {
    String location = subject.metadataLocation();
    TableMetadata replica = TableMetadataParser.fromJson(location, json);
    SourceSide source = new SourceSide(subject, files, findings);
    ListedFiles listed = ListedFiles.of(subject.store(), subject.folder());
    findings.count(Checked.FILES_LISTED, listed.size());
    if (source.metadata().isPresent()) {
      compare(subject, json, replica, source, findings);
    }
    FileRules rules = new FileRules(subject.folder(), listed, findings);
    FileIO io = new StoreFileIO(subject.store(), listed::length);
    new StructureCheck(replica, io, rules, source, findings).run();
    rows(subject, json, rows, io, source, findings);
  }

  private void compare(
      Subject subject,
      ObjectNode json,
      TableMetadata replica,
      SourceSide source,
      Findings findings) {
    Set<Long> expirable =
        new Expirable(subject, source.metadata().orElseThrow(), clock.instant()).snapshots();
    MetadataComparison.compare(subject, json, replica, source, expirable, findings);
    noteAbsent(expirable, replica, findings);
    replica.snapshots().stream()
        .filter(snapshot -> source.snapshot(snapshot.snapshotId()).isEmpty())
        .forEach(
            snapshot ->
                findings.notCompared(
                    "snapshot " + snapshot.snapshotId(), "the source has expired it"));
  }

  private static void noteAbsent(Set<Long> expirable, TableMetadata replica, Findings findings) {
    long absent = expirable.stream().filter(id -> replica.snapshot(id) == null).count();
    if (absent > 0) {
      findings.note(
          "snapshots of the source that the retention let go or that are still on their way: "
              + absent);
    }
  }

  private static void rows(
      Subject subject,
      ObjectNode json,
      RowScope scope,
      FileIO io,
      SourceSide source,
      Findings findings) {
    if (scope == RowScope.NONE || source.metadata().isEmpty()) {
      return;
    }
    RowCheck check =
        new RowCheck(
            subject,
            io,
            source,
            () -> TableMetadataParser.fromJson(subject.metadataLocation(), json),
            () ->
                TableMetadataParser.fromJson(
                    subject.sourceMetadataLocation(), source.tree().orElseThrow()),
            findings);
    if (scope == RowScope.ALL) {
      check.all();
    } else {
      check.current();
    }
  }
}
