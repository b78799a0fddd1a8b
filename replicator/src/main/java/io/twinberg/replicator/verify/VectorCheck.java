package io.twinberg.replicator.verify;

import io.twinberg.replicator.verify.Violation.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.IOUtil;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.puffin.BlobMetadata;
import org.apache.iceberg.puffin.Puffin;
import org.apache.iceberg.puffin.PuffinReader;

/** Reads deletion vectors: where the entry says, for the file that it says, and undamaged. */
final class VectorCheck {
  private static final String REFERENCED_FILE = "referenced-data-file";

  private final FileIO io;
  private final FileRules rules;
  private final Findings findings;

  VectorCheck(FileIO io, FileRules rules, Findings findings) {
    this.io = io;
    this.rules = rules;
    this.findings = findings;
  }

  void check(DeleteFile vector, String manifest) {
    findings.count(Checked.DELETION_VECTORS, 1);
    try {
      rules.inside(String.valueOf(vector.referencedDataFile()), manifest);
      Optional<BlobMetadata> blob = blob(vector);
      if (blob.isEmpty()) {
        differs(vector, "a blob at " + place(vector), "none");
        return;
      }
      String file = String.valueOf(blob.get().properties().get(REFERENCED_FILE));
      if (!file.equals(vector.referencedDataFile())) {
        differs(vector, "a vector for " + vector.referencedDataFile(), "one for " + file);
      }
      long deleted = PositionDeleteIndex.deserialize(bytes(vector), vector).cardinality();
      if (deleted != vector.recordCount()) {
        differs(vector, vector.recordCount() + " deletes", deleted);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      if (Trouble.of(e) == Trouble.UNREACHABLE || e instanceof StoppedException) {
        throw e;
      }
      findings.violation(Kind.UNREADABLE, vector.location(), "a deletion vector", Trouble.line(e));
    }
  }

  private void differs(DeleteFile vector, Object expected, Object actual) {
    findings.violation(Kind.DELETES_DIFFER, vector.location(), expected, actual);
  }

  private static String place(DeleteFile vector) {
    return vector.contentOffset() + ", " + vector.contentSizeInBytes() + " bytes long";
  }

  private Optional<BlobMetadata> blob(DeleteFile vector) throws IOException {
    InputFile file = io.newInputFile(vector);
    try (PuffinReader reader = Puffin.read(file).withFileSize(vector.fileSizeInBytes()).build()) {
      return reader.fileMetadata().blobs().stream()
          .filter(blob -> Objects.equals(vector.contentOffset(), blob.offset()))
          .filter(blob -> Objects.equals(vector.contentSizeInBytes(), blob.length()))
          .findFirst();
    }
  }

  private byte[] bytes(DeleteFile vector) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(Objects.requireNonNull(vector.contentSizeInBytes()))];
    try (SeekableInputStream in = io.newInputFile(vector).newStream()) {
      in.seek(Objects.requireNonNull(vector.contentOffset()));
      IOUtil.readFully(in, bytes, 0, bytes.length);
    }
    return bytes;
  }
}
