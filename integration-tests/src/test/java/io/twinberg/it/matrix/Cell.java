package io.twinberg.it.matrix;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A kind of table: its format version and how it changes rows. */
record Cell(int format, RowChange change) {
  static final List<Cell> ALL =
      List.of(
          new Cell(1, RowChange.COPY_ON_WRITE), // which knows no other way
          new Cell(2, RowChange.COPY_ON_WRITE),
          new Cell(2, RowChange.MERGE_ON_READ),
          new Cell(3, RowChange.COPY_ON_WRITE),
          new Cell(3, RowChange.MERGE_ON_READ));

  /** How rows are changed. */
  enum RowChange {
    COPY_ON_WRITE,
    MERGE_ON_READ;

    String property() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  boolean mergesOnRead() {
    return change == RowChange.MERGE_ON_READ;
  }

  Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("format-version", Integer.toString(format));
    for (String command : List.of("delete", "update", "merge")) {
      properties.put("write." + command + ".mode", change.property());
    }
    return properties;
  }

  @Override
  public String toString() {
    return "v" + format + (mergesOnRead() ? "_mor" : "_cow");
  }
}
