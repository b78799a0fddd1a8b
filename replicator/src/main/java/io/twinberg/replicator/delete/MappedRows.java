package io.twinberg.replicator.delete;

import io.twinberg.replicator.rewrite.PathMapping;
import java.util.Iterator;
import org.apache.iceberg.data.Record;

/** Rows with the paths of the replica; neighbours mostly share one, which is mapped once. */
final class MappedRows implements Iterator<Record> {
  private final Rows rows;
  private final int pathColumn;
  private final PathMapping mapping;
  private String lastSource = "";
  private String lastTarget = "";

  MappedRows(Rows rows, Layout layout, PathMapping mapping) {
    this.rows = rows;
    this.pathColumn = layout.pathColumn();
    this.mapping = mapping;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public Record next() {
    Record row = rows.next();
    if (!(row.get(pathColumn) instanceof String source)) {
      throw rows.damaged(new IllegalArgumentException("a row has no path"));
    }
    if (!source.equals(lastSource)) {
      lastTarget = mapping.map(source);
      lastSource = source;
    }
    row.set(pathColumn, lastTarget);
    return row;
  }
}
