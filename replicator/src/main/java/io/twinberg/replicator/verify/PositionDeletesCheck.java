package io.twinberg.replicator.verify;

import io.twinberg.replicator.verify.Violation.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.formats.ReadBuilder;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DeleteSchemaUtil;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Reads position delete files: each path lies in the replica's folder and where the entry's bounds
 * say, or else readers would never look for it.
 */
final class PositionDeletesCheck {
  private static final int PATH = MetadataColumns.DELETE_FILE_PATH.fieldId();

  private final FileIO io;
  private final FileRules rules;
  private final Findings findings;

  PositionDeletesCheck(FileIO io, FileRules rules, Findings findings) {
    this.io = io;
    this.rules = rules;
    this.findings = findings;
  }

  void check(DeleteFile file) {
    try (CloseableIterable<Record> rows = open(file)) {
      long count = 0;
      String last = "";
      for (Record row : rows) {
        String path = String.valueOf(row.get(0));
        if (!path.equals(last) && !path(path, file)) {
          return;
        }
        last = path;
        count++;
      }
      findings.count(Checked.POSITION_DELETES, count);
      if (count != file.recordCount()) {
        findings.violation(
            Kind.COUNT_DIFFERS, file.location(), file.recordCount() + " deletes", count);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      if (Trouble.of(e) == Trouble.UNREACHABLE || e instanceof StoppedException) {
        throw e;
      }
      findings.violation(Kind.UNREADABLE, file.location(), "position deletes", Trouble.line(e));
    }
  }

  private CloseableIterable<Record> open(DeleteFile file) {
    ReadBuilder<Record, Schema> builder =
        FormatModelRegistry.readBuilder(file.format(), Record.class, io.newInputFile(file));
    return builder.project(DeleteSchemaUtil.pathPosSchema()).reuseContainers().build();
  }

  private boolean path(String path, DeleteFile file) {
    if (!rules.inside(path, file.location())) {
      return false;
    }
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    if (file.referencedDataFile() != null && !path.equals(file.referencedDataFile())) {
      findings.violation(
          Kind.DELETES_DIFFER, file.location(), "deletes for " + file.referencedDataFile(), path);
      return false;
    }
    if (compare(file.lowerBounds(), bytes) > 0 || compare(file.upperBounds(), bytes) < 0) {
      findings.violation(
          Kind.DELETES_DIFFER, file.location(), "paths within the bounds of its entry", path);
      return false;
    }
    return true;
  }

  private static int compare(@Nullable Map<Integer, ByteBuffer> bounds, byte[] path) {
    ByteBuffer bound = bounds == null ? null : bounds.get(PATH);
    if (bound == null) {
      return 0;
    }
    byte[] bytes = new byte[bound.remaining()];
    bound.duplicate().get(bytes);
    return Arrays.compareUnsigned(bytes, path);
  }
}
