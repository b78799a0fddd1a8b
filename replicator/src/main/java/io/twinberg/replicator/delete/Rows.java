package io.twinberg.replicator.delete;

import io.twinberg.storage.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;

/** The rows of a source file; whatever its reader throws means that the file is damaged. */
final class Rows implements Iterator<Record>, AutoCloseable {
  private final String location;
  private final CloseableIterator<Record> rows;

  Rows(RecordFormat format, LocalCopy file, Layout layout) {
    this.location = file.location();
    try {
      CloseableIterable<Record> all = format.read(file, layout.schema());
      this.rows = all.iterator();
    } catch (RuntimeException e) {
      throw damaged(location, e);
    }
  }

  static StoreException damaged(String location, Exception e) {
    return new StoreException(
        StoreException.Kind.CORRUPT,
        location,
        "The delete file " + location + " cannot be read: " + e.getMessage(),
        e);
  }

  StoreException damaged(Exception e) {
    return damaged(location, e);
  }

  @Override
  public boolean hasNext() {
    try {
      return rows.hasNext();
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  @Override
  public Record next() {
    try {
      return rows.next();
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  @Override
  public void close() {
    try {
      rows.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
