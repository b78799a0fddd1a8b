package io.twinberg.replicator.verify;

import io.twinberg.replicator.verify.Violation.Kind;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.ManifestFile;
import org.jspecify.annotations.Nullable;

/** The files and rows of a manifest by the status of their entries, as its lists tell them. */
final class EntryCounts {
  private static final int STATUS = 0;
  private static final int RECORD_COUNT = 103;
  private static final int EXISTING = 0;
  private static final int ADDED = 1;
  private static final int DELETED = 2;

  private final long[] files = new long[3];
  private final long[] rows = new long[3];

  void add(GenericRecord entry) {
    int status = (int) Fields.number(entry, STATUS, -1);
    if (status < EXISTING || status > DELETED) {
      throw new IllegalStateException("an entry has the status " + status);
    }
    files[status]++;
    rows[status] += Fields.number(EntryComparison.file(entry), RECORD_COUNT, 0);
  }

  void check(ManifestFile manifest, Findings findings) {
    check(manifest, "added files", manifest.addedFilesCount(), files[ADDED], findings);
    check(manifest, "existing files", manifest.existingFilesCount(), files[EXISTING], findings);
    check(manifest, "deleted files", manifest.deletedFilesCount(), files[DELETED], findings);
    check(manifest, "added rows", manifest.addedRowsCount(), rows[ADDED], findings);
    check(manifest, "existing rows", manifest.existingRowsCount(), rows[EXISTING], findings);
    check(manifest, "deleted rows", manifest.deletedRowsCount(), rows[DELETED], findings);
  }

  private static void check(
      ManifestFile manifest, String what, @Nullable Number listed, long counted, Findings found) {
    if (listed != null && listed.longValue() != counted) {
      found.violation(
          Kind.COUNT_DIFFERS,
          manifest.path(),
          listed + " " + what + ", as its manifest list says",
          counted);
    }
  }
}
