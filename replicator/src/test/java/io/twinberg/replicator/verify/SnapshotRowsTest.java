package io.twinberg.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.replicator.TestingLake;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMappingParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows are read as engines read them. */
class SnapshotRowsTest {
  @TempDir private Path folder;

  @Test
  void fileWithoutFieldIds_isReadByTheNamesOfItsColumns() throws IOException {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create("2");
      table
          .updateProperties()
          .set(
              TableProperties.DEFAULT_NAME_MAPPING,
              NameMappingParser.toJson(MappingUtil.create(table.schema())))
          .commit();
      table.newAppend().appendFile(VerifiedLake.rows(table, FileFormat.AVRO, "own", 1)).commit();
      addForeignFile(table);

      List<String> rows = new ArrayList<>();
      try (CloseableIterable<Record> read =
          new SnapshotRows(table, table.currentSnapshot().snapshotId()).read()) {
        read.forEach(row -> rows.add(row.getField("id") + " " + row.getField("name")));
      }

      assertThat(rows).containsExactlyInAnyOrder("1 name of 1", "7 seven");
    }
  }

  /** As another writer makes it: no ids, and the columns in another order. */
  private static void addForeignFile(Table table) throws IOException {
    org.apache.avro.Schema schema =
        SchemaBuilder.record("row").fields().requiredString("name").requiredLong("id").endRecord();
    GenericData.Record row = new GenericData.Record(schema);
    row.put("name", "seven");
    row.put("id", 7L);
    String location = table.location() + "/data/foreign.avro";
    try (OutputStream out = table.io().newOutputFile(location).create();
        DataFileWriter<Object> writer =
            new DataFileWriter<>(new GenericDatumWriter<>(schema)).create(schema, out)) {
      writer.append(row);
    }
    table
        .newAppend()
        .appendFile(
            DataFiles.builder(table.spec())
                .withPath(location)
                .withFormat(FileFormat.AVRO)
                .withFileSizeInBytes(table.io().newInputFile(location).getLength())
                .withRecordCount(1)
                .build())
        .commit();
  }
}
