package io.twinberg.replicator.delete;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.avro.DataWriter;
import org.apache.iceberg.data.avro.PlannedDataReader;
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.io.FileAppender;

/**
 * Sorts rows with bounded memory: so many at a time, each lot in a file on the local disk, then all
 * files at once, row by row.
 */
final class SortedRuns implements AutoCloseable {
  private record Head(Record row, CloseableIterator<Record> rest) {}

  private final Layout layout;
  private final RowOrder order;
  private final int rowsInMemory;
  private final List<Path> runs = new ArrayList<>();
  private final List<CloseableIterator<Record>> open = new ArrayList<>();

  SortedRuns(Layout layout, int rowsInMemory) {
    this.layout = layout;
    this.order = RowOrder.of(layout);
    this.rowsInMemory = rowsInMemory;
  }

  /** Takes all rows and gives them back in order. */
  Iterator<Record> sort(Iterator<Record> rows) {
    List<Record> lot = new ArrayList<>();
    while (rows.hasNext()) {
      lot.add(rows.next());
      if (lot.size() == rowsInMemory && rows.hasNext()) {
        writeRun(lot);
        lot.clear();
      }
    }
    lot.sort(order);
    return merged(lot);
  }

  private void writeRun(List<Record> lot) {
    lot.sort(order);
    Path run = LocalCopy.temporary();
    runs.add(run);
    try (FileAppender<Record> appender =
        Avro.write(org.apache.iceberg.Files.localOutput(run.toFile()))
            .schema(layout.schema())
            .createWriterFunc(DataWriter::create)
            .set("write.avro.compression-codec", "uncompressed")
            .overwrite()
            .build()) {
      appender.addAll(lot);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot sort on the local disk", e);
    }
  }

  private Iterator<Record> merged(List<Record> last) {
    PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparing(Head::row, order));
    push(heads, CloseableIterator.withClose(last.iterator()));
    for (Path run : runs) {
      CloseableIterator<Record> rows =
          Avro.read(org.apache.iceberg.Files.localInput(run.toFile()))
              .project(layout.schema())
              .createResolvingReader(PlannedDataReader::<Record>create)
              .<Record>build()
              .iterator();
      open.add(rows);
      push(heads, rows);
    }
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !heads.isEmpty();
      }

      @Override
      public Record next() {
        Head head = heads.poll();
        if (head == null) {
          throw new NoSuchElementException();
        }
        push(heads, head.rest());
        return head.row();
      }
    };
  }

  private static void push(PriorityQueue<Head> heads, CloseableIterator<Record> rows) {
    if (rows.hasNext()) {
      heads.add(new Head(rows.next(), rows));
    }
  }

  @Override
  public void close() {
    for (CloseableIterator<Record> rows : open) {
      try {
        rows.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    runs.forEach(LocalCopy::remove);
  }
}
