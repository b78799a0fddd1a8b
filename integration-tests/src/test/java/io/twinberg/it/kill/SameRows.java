package io.twinberg.it.kill;

import io.twinberg.it.ParquetFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.types.Types;

/** A Parquet file of one row, encoded once and written under as many names as there are commits. */
final class OneRow {
  static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  private final byte[] content;
  private final DataFile described;

  OneRow() {
    InMemoryOutputFile encoded = new InMemoryOutputFile();
    Record row = GenericRecord.create(SCHEMA);
    row.setField("id", 7L);
    described = ParquetFiles.write(encoded, SCHEMA, PartitionSpec.unpartitioned(), List.of(row));
    content = encoded.toByteArray();
  }

  /** Writes one more file of a table. */
  DataFile in(Table table) {
    String path = table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet");
    try (OutputStream out = table.io().newOutputFile(path).create()) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DataFiles.builder(table.spec()).copy(described).withPath(path).build();
  }
}
