package io.twinberg.replicator.delete;

import java.util.Comparator;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Comparators;

/** The order that the specification demands of position deletes: by path, then by position. */
record RowOrder(int pathColumn, int positionColumn) implements Comparator<Record> {
  private static final Comparator<CharSequence> PATHS = Comparators.charSequences();

  static RowOrder of(Layout layout) {
    return new RowOrder(layout.pathColumn(), layout.positionColumn());
  }

  String path(Record row) {
    return (String) row.get(pathColumn);
  }

  @Override
  public int compare(Record left, Record right) {
    int byPath = PATHS.compare(path(left), path(right));
    return byPath != 0
        ? byPath
        : Long.compare((Long) left.get(positionColumn), (Long) right.get(positionColumn));
  }
}
