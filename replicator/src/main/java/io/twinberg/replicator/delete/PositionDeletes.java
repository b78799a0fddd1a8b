package io.twinberg.replicator.delete;

import io.twinberg.replica.PathRange;
import io.twinberg.replicator.rewrite.PathMapping;
import io.twinberg.replicator.rewrite.RewrittenDelete;
import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.FileAppender;

/**
 * Rewrites one position delete file: the paths are mapped, everything else stays, and rows that the
 * mapping has brought out of order are sorted again.
 */
final class PositionDeletes {
  /** Rows of a path and a position take about 200 bytes each, others as much as the table's. */
  private static final int NARROW_ROWS_IN_MEMORY = 100_000;

  private static final int WIDE_ROWS_IN_MEMORY = 5_000;

  private final RecordFormat format;
  private final LocalCopy source;
  private final Layout layout;
  private final PathMapping mapping;
  private final ObjectStore destination;
  private final String target;
  private final long recordCount;
  private final int rowsInMemory;

  PositionDeletes(
      RecordFormat format,
      LocalCopy source,
      PathMapping mapping,
      ObjectStore destination,
      String target,
      long recordCount) {
    this.format = format;
    this.source = source;
    this.layout = layout(format, source);
    this.mapping = mapping;
    this.destination = destination;
    this.target = target;
    this.recordCount = recordCount;
    this.rowsInMemory = layout.isNarrow() ? NARROW_ROWS_IN_MEMORY : WIDE_ROWS_IN_MEMORY;
  }

  private static Layout layout(RecordFormat format, LocalCopy source) {
    try {
      Layout layout = format.layout(source);
      RowOrder.of(layout);
      return layout;
    } catch (IOException | RuntimeException e) {
      throw Rows.damaged(source.location(), e);
    }
  }

  RewrittenDelete rewrite() {
    return isEmpty() ? copied() : inOrder().orElseGet(this::sorted);
  }

  private boolean isEmpty() {
    try (Rows rows = rows()) {
      return !rows.hasNext();
    }
  }

  /** A file without rows names no data file; Iceberg's writers would not even begin one. */
  private RewrittenDelete copied() {
    requireCount(0);
    source.copyTo(destination, target);
    return new RewrittenDelete(target, source.length(), Optional.empty());
  }

  /** Writes the rows as they come; nothing, if they do not come in order. */
  private Optional<RewrittenDelete> inOrder() {
    try (Rows rows = rows()) {
      return write(new MappedRows(rows, layout, mapping));
    }
  }

  private RewrittenDelete sorted() {
    try (Rows rows = rows();
        SortedRuns runs = new SortedRuns(layout, rowsInMemory)) {
      return write(runs.sort(new MappedRows(rows, layout, mapping)))
          .orElseThrow(() -> new IllegalStateException("sorted rows are not in order"));
    }
  }

  private Rows rows() {
    return new Rows(format, source, layout);
  }

  private Optional<RewrittenDelete> write(Iterator<Record> rows) {
    TargetFile file = new TargetFile(destination, target);
    Passed passed = new Passed(RowOrder.of(layout));
    boolean complete = false;
    try (FileAppender<Record> appender = format.write(file, layout)) {
      try {
        complete = append(rows, appender, passed);
      } finally {
        if (!complete) {
          file.giveUp();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + target, e);
    }
    return complete
        ? Optional.of(new RewrittenDelete(target, file.length(), passed.range()))
        : Optional.empty();
  }

  private boolean append(Iterator<Record> rows, FileAppender<Record> appender, Passed passed) {
    while (rows.hasNext()) {
      Record row = rows.next();
      if (!passed.follows(row)) {
        return false;
      }
      appender.add(row);
    }
    requireCount(passed.count);
    return true;
  }

  private void requireCount(long read) {
    if (recordCount >= 0 && read != recordCount) {
      throw Rows.damaged(
          source.location(),
          new IllegalArgumentException(
              "it has " + read + " rows where its manifest says " + recordCount));
    }
  }

  /** The rows that have passed, as far as they matter: their order, their ends, their number. */
  private static final class Passed {
    private final RowOrder order;
    private Optional<String> first = Optional.empty();
    private Optional<Record> last = Optional.empty();
    private long count;

    Passed(RowOrder order) {
      this.order = order;
    }

    boolean follows(Record row) {
      if (last.isPresent() && order.compare(last.get(), row) > 0) {
        return false;
      }
      if (first.isEmpty()) {
        first = Optional.of(order.path(row));
      }
      last = Optional.of(row);
      count++;
      return true;
    }

    Optional<PathRange> range() {
      return first.map(lower -> new PathRange(lower, order.path(last.orElseThrow())));
    }
  }
}
