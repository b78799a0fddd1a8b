package io.twinberg.replicator.delete;

import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * What a position delete file says about itself: all its columns, also those that no specification
 * knows, and how it is compressed.
 *
 * @param codec as Iceberg's table properties call it
 */
record Layout(Schema schema, String codec) {

  /** Which of the columns holds the paths of data files. */
  int pathColumn() {
    return column(MetadataColumns.DELETE_FILE_PATH.fieldId(), Types.StringType.get());
  }

  /** Which of the columns holds the positions. */
  int positionColumn() {
    return column(MetadataColumns.DELETE_FILE_POS.fieldId(), Types.LongType.get());
  }

  /** Whether rows are a path and a position and nothing else. */
  boolean isNarrow() {
    return schema.columns().size() == 2;
  }

  private int column(int id, org.apache.iceberg.types.Type type) {
    for (int i = 0; i < schema.columns().size(); i++) {
      Types.NestedField column = schema.columns().get(i);
      if (column.fieldId() == id && column.type().equals(type)) {
        return i;
      }
    }
    throw new IllegalArgumentException("it has no " + type + " column of field id " + id);
  }
}
