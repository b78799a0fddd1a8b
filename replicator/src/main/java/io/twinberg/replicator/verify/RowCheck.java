package io.twinberg.replicator.verify;

import io.twinberg.replicator.verify.Violation.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;

/** Compares the rows of snapshots as Iceberg's readers see them, deletes applied. */
final class RowCheck {
  /** How many rows are read between two looks at the progress. */
  private static final int STEP = 10_000;

  private final Subject subject;
  private final FileIO io;
  private final SourceSide source;
  private final Supplier<TableMetadata> replica;
  private final Supplier<TableMetadata> original;
  private final Findings findings;

  /** Metadata is made anew for each snapshot, since it keeps all manifests that were read. */
  RowCheck(
      Subject subject,
      FileIO io,
      SourceSide source,
      Supplier<TableMetadata> replica,
      Supplier<TableMetadata> original,
      Findings findings) {
    this.subject = subject;
    this.io = io;
    this.source = source;
    this.replica = replica;
    this.original = original;
    this.findings = findings;
  }

  void current() {
    Snapshot current = replica.get().currentSnapshot();
    if (current != null) {
      compare(current.snapshotId());
    }
  }

  void all() {
    replica.get().snapshots().forEach(snapshot -> compare(snapshot.snapshotId()));
  }

  private void compare(long snapshotId) {
    if (source.snapshot(snapshotId).isEmpty()) {
      findings.notCompared(
          "the rows of snapshot " + snapshotId, "the source's version does not have it any more");
      return;
    }
    CompletableFuture<Optional<RowResult>> there =
        CompletableFuture.supplyAsync(() -> atSource(snapshotId), RowCheck::start);
    Optional<RowResult> here = atReplica(snapshotId);
    Optional<RowResult> expected = joined(there);
    if (here.isEmpty() || expected.isEmpty()) {
      return;
    }
    findings.rows(here.get());
    findings.count(Checked.ROW_COMPARISONS, 1);
    if (!here.equals(expected)) {
      findings.violation(
          Kind.ROWS_DIFFER,
          subject.metadataLocation() + " snapshot " + snapshotId,
          expected.get(),
          here.get());
    }
  }

  private static void start(Runnable reading) {
    Thread thread = new Thread(reading, "verify-source-rows");
    thread.setDaemon(true);
    thread.start();
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      throw e;
    }
  }

  private Optional<RowResult> atSource(long snapshotId) {
    return source.read(
        "the rows of snapshot " + snapshotId,
        () -> sum(original.get(), source.io(), snapshotId, 0));
  }

  private Optional<RowResult> atReplica(long snapshotId) {
    try {
      return Optional.of(sum(replica.get(), io, snapshotId, 1));
    } catch (StoppedException e) {
      throw e;
    } catch (RuntimeException e) {
      if (Trouble.of(e) == Trouble.UNREACHABLE) {
        throw new UnfinishedException("the rows of snapshot " + snapshotId, e);
      }
      findings.violation(
          Kind.UNREADABLE,
          subject.metadataLocation() + " snapshot " + snapshotId,
          "rows",
          Trouble.line(e));
      return Optional.empty();
    }
  }

  private RowResult sum(TableMetadata metadata, FileIO files, long snapshotId, int counted) {
    BaseTable table =
        new BaseTable(new StaticTableOperations(metadata, files), subject.table().toString());
    RowDigest digest = new RowDigest();
    try (CloseableIterable<Record> rows = new SnapshotRows(table, snapshotId).read()) {
      long sinceLast = 0;
      for (Record row : rows) {
        digest.add(row);
        if (++sinceLast == STEP) {
          findings.count(Checked.ROWS, sinceLast * counted);
          sinceLast = 0;
        }
      }
      findings.count(Checked.ROWS, sinceLast * counted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digest.result(snapshotId);
  }
}
