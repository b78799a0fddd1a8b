package io.twinberg.replicator.delete;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.iceberg.Files;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.DeleteSchemaUtil;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.types.Types;

/** Position delete files on the local disk, as rows of path, position and, if there is one, row. */
final class Deletes {
  static final Schema NARROW = DeleteSchemaUtil.pathPosSchema();

  /** With a row of many types, optional as newer writers have it, and a column nobody knows. */
  static final Schema WIDE =
      new Schema(
          MetadataColumns.DELETE_FILE_PATH,
          MetadataColumns.DELETE_FILE_POS,
          Types.NestedField.optional(
              MetadataColumns.DELETE_FILE_ROW_FIELD_ID,
              "row",
              Types.StructType.of(
                  Types.NestedField.optional(1, "id", Types.LongType.get()),
                  Types.NestedField.optional(2, "name", Types.StringType.get()),
                  Types.NestedField.optional(
                      3, "tags", Types.ListType.ofOptional(4, Types.StringType.get())))),
          Types.NestedField.optional(9000, "later", Types.IntegerType.get()));

  private Deletes() {}

  static Record row(Schema schema, String path, long position) {
    Record row = GenericRecord.create(schema);
    row.set(0, path);
    row.set(1, position);
    if (schema == WIDE && position % 3 != 0) {
      Record deleted = GenericRecord.create(WIDE.findType("row").asStructType());
      deleted.set(0, position * 10);
      deleted.set(1, position % 2 == 0 ? null : "row " + position);
      deleted.set(2, List.of("a", "b" + position));
      row.set(2, deleted);
    }
    if (schema == WIDE) {
      row.set(3, (int) position);
    }
    return row;
  }

  static List<Record> rows(Schema schema, String path, long... positions) {
    return LongStream.of(positions).mapToObj(position -> row(schema, path, position)).toList();
  }

  static void write(RecordFormat format, Path file, Layout layout, List<Record> rows) {
    try (FileAppender<Record> appender = format.write(Files.localOutput(file.toFile()), layout)) {
      appender.addAll(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All rows as text, so that two schemas of one shape compare. */
  static List<String> read(RecordFormat format, LocalCopy file) {
    List<String> all = new ArrayList<>();
    try (Rows rows = new Rows(format, file, format.layout(file))) {
      rows.forEachRemaining(row -> all.add(row.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
