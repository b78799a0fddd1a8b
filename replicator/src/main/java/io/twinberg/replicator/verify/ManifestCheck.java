package io.twinberg.replicator.verify;

import io.twinberg.replicator.verify.Violation.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.io.FileIO;

/**
 * Checks one manifest: as Iceberg reads it, each live file is there; as it is written, its counts
 * are those of its lists and its entries those of the source.
 */
final class ManifestCheck {
  /** Counting every entry by itself would make threads wait for each other. */
  private static final int STEP = 1000;

  private final FileIO io;
  private final Map<Integer, PartitionSpec> specs;
  private final FileRules rules;
  private final SourceSide source;
  private final EntryComparison comparison;
  private final DeleteFileCheck deletes;
  private final Findings findings;

  ManifestCheck(
      FileIO io,
      Map<Integer, PartitionSpec> specs,
      FileRules rules,
      SourceSide source,
      DeleteFileCheck deletes,
      Findings findings) {
    this.io = io;
    this.specs = specs;
    this.rules = rules;
    this.source = source;
    this.comparison = new EntryComparison(new PathPairs(), findings);
    this.deletes = deletes;
    this.findings = findings;
  }

  void check(ManifestFile manifest, Optional<ManifestFile> original) {
    try {
      entries(manifest, original);
      live(manifest);
    } catch (RuntimeException | OutOfMemoryError e) {
      // A damaged length may ask for more memory than there is; the rest of the heap is fine then.
      report(manifest, e);
    }
    findings.count(Checked.MANIFESTS, 1);
  }

  private void report(ManifestFile manifest, Throwable problem) {
    if (Trouble.of(problem) == Trouble.UNREACHABLE || problem instanceof StoppedException) {
      throw new UnfinishedException(manifest.path(), problem);
    }
    findings.violation(Kind.UNREADABLE, manifest.path(), "a manifest", Trouble.line(problem));
  }

  private void live(ManifestFile manifest) {
    long files = 0;
    Checked kind = Checked.DATA_FILES;
    try {
      if (manifest.content() == ManifestContent.DATA) {
        try (ManifestReader<DataFile> reader = ManifestFiles.read(manifest, io, specs)) {
          for (DataFile file : reader) {
            rules.whole(file.location(), file.fileSizeInBytes(), manifest.path());
            files = counted(kind, files + 1);
          }
        }
      } else {
        kind = Checked.DELETE_FILES;
        try (ManifestReader<DeleteFile> reader =
            ManifestFiles.readDeleteManifest(manifest, io, specs)) {
          for (DeleteFile file : reader) {
            delete(file, manifest);
            files = counted(kind, files + 1);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    findings.count(kind, files);
  }

  private long counted(Checked kind, long files) {
    if (files < STEP) {
      return files;
    }
    findings.count(kind, files);
    return 0;
  }

  private void delete(DeleteFile file, ManifestFile manifest) {
    if (rules.whole(file.location(), file.fileSizeInBytes(), manifest.path())) {
      deletes.check(file, manifest.path());
    }
  }

  private void entries(ManifestFile manifest, Optional<ManifestFile> original) {
    Optional<AvroRecords> opened =
        original.flatMap(
            there ->
                source.read(
                    "the manifest " + there.path(),
                    () -> AvroRecords.open(source.io().newInputFile(there))));
    try (AvroRecords copies = AvroRecords.open(io.newInputFile(manifest))) {
      if (opened.isPresent()) {
        try (AvroRecords originals = opened.get()) {
          entries(manifest, copies, Optional.of(originals));
        }
      } else {
        entries(manifest, copies, Optional.empty());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void entries(ManifestFile manifest, AvroRecords copies, Optional<AvroRecords> originals) {
    EntryCounts counts = new EntryCounts();
    Optional<AvroRecords> comparable =
        originals.filter(there -> sameHeader(there, copies, manifest));
    long row = 0;
    while (copies.hasNext()) {
      GenericRecord copy = copies.next();
      counts.add(copy);
      String path = Fields.text(EntryComparison.file(copy), EntryComparison.FILE_PATH).orElse("");
      rules.inside(path, manifest.path());
      String where = manifest.path() + " entry " + row++;
      comparable = comparable.filter(there -> sameEntry(there, copy, where));
    }
    comparable.ifPresent(there -> ended(there, manifest));
    counts.check(manifest, findings);
  }

  private boolean sameHeader(AvroRecords original, AvroRecords copy, ManifestFile manifest) {
    if (original.header().equals(copy.header())) {
      return true;
    }
    findings.violation(
        Kind.CONTENT_DIFFERS, manifest.path(), "header " + original.header(), copy.header());
    return false;
  }

  /** Whether the next entries go on being compared. */
  private boolean sameEntry(AvroRecords originals, GenericRecord copy, String where) {
    Optional<Optional<GenericRecord>> original =
        source.read(
            "the source's counterpart of " + where,
            () -> originals.hasNext() ? Optional.of(originals.next()) : Optional.empty());
    if (original.isEmpty()) {
      return false;
    }
    if (original.get().isEmpty()) {
      findings.violation(Kind.COUNT_DIFFERS, where, "no further entry", "one more");
      return false;
    }
    return comparison.same(original.get().get(), copy, where);
  }

  private void ended(AvroRecords originals, ManifestFile manifest) {
    Optional<Boolean> more =
        source.read("the end of the source's " + manifest.path(), originals::hasNext);
    if (more.isEmpty()) {
      return;
    }
    if (more.get()) {
      findings.violation(
          Kind.COUNT_DIFFERS, manifest.path(), "more entries, as at the source", "fewer");
    }
    findings.count(Checked.MANIFESTS_COMPARED, 1);
  }
}
