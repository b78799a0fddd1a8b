package io.twinberg.replicator.verify;

import io.twinberg.replicator.verify.Violation.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.io.InputFile;

/** Holds a manifest list against the source's, which may differ in paths and lengths alone. */
final class ListComparison {
  private static final int MANIFEST_PATH = 500;
  private static final int MANIFEST_LENGTH = 501;

  private final SourceSide source;
  private final Findings findings;

  ListComparison(SourceSide source, Findings findings) {
    this.source = source;
    this.findings = findings;
  }

  void compare(InputFile original, InputFile copy) {
    Optional<AvroRecords> opened =
        source.read("the manifest list " + original.location(), () -> AvroRecords.open(original));
    if (opened.isEmpty()) {
      return;
    }
    try (AvroRecords originals = opened.get();
        AvroRecords copies = AvroRecords.open(copy)) {
      compare(originals, copies, copy.location());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compare(AvroRecords originals, AvroRecords copies, String path) {
    if (!originals.header().equals(copies.header())) {
      findings.violation(
          Kind.CONTENT_DIFFERS, path, "header " + originals.header(), copies.header());
    }
    long row = 0;
    while (copies.hasNext() && originals.hasNext()) {
      GenericRecord original = originals.next();
      GenericRecord copy = copies.next();
      Optional<String> difference =
          Fields.difference(original, copy, Set.of(MANIFEST_PATH, MANIFEST_LENGTH));
      if (difference.isPresent()) {
        findings.violation(
            Kind.CONTENT_DIFFERS, path + " row " + row, original, "another " + difference.get());
        return;
      }
      row++;
    }
    if (copies.hasNext() || originals.hasNext()) {
      findings.violation(
          Kind.COUNT_DIFFERS,
          path,
          "as many manifests as the source lists",
          copies.hasNext() ? "more than " + row : String.valueOf(row));
    }
  }
}
