package io.twinberg.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;

/** Parquet files of a few rows, written by Iceberg itself and no engine. */
public final class ParquetFiles {
  private ParquetFiles() {}

  /** Writes rows into a new file of a table, which is not appended yet. */
  public static DataFile newIn(Table table, List<Record> rows) {
    String location = table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet");
    return write(table.io().newOutputFile(location), table.schema(), table.spec(), rows);
  }

  /** Writes rows of a schema into a file. */
  public static DataFile write(
      OutputFile file, Schema schema, PartitionSpec spec, List<Record> rows) {
    try (DataWriter<Record> writer =
        Parquet.writeData(file)
            .schema(schema)
            .withSpec(spec)
            .createWriterFunc(GenericParquetWriter::create)
            .build()) {
      writer.write(rows);
      writer.close();
      return writer.toDataFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
