package io.twinberg.it.kill;

import io.twinberg.it.ParquetFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.types.Types;

/**
 * Parquet files of equal rows, encoded once and written under as many names as there are commits,
 * so that whoever knows how many rows a file has knows its bytes.
 */
final class SameRows {
  static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  private record Encoded(byte[] bytes, DataFile described) {}

  private final Map<Integer, Encoded> encoded = new ConcurrentHashMap<>();

  /** Writes one more file of a table, of one row. */
  DataFile in(Table table) {
    return in(table, 1);
  }

  /** Writes one more file of a table. */
  DataFile in(Table table, int rows) {
    Encoded file = of(rows);
    String path = table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet");
    try (OutputStream out = table.io().newOutputFile(path).create()) {
      out.write(file.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DataFiles.builder(table.spec()).copy(file.described()).withPath(path).build();
  }

  /** What every file of so many rows is. */
  byte[] bytes(int rows) {
    return of(rows).bytes().clone();
  }

  private Encoded of(int rows) {
    return encoded.computeIfAbsent(rows, SameRows::encode);
  }

  private static Encoded encode(int rows) {
    InMemoryOutputFile file = new InMemoryOutputFile();
    Record row = GenericRecord.create(SCHEMA);
    row.setField("id", 7L);
    DataFile described =
        ParquetFiles.write(
            file, SCHEMA, PartitionSpec.unpartitioned(), Collections.nCopies(rows, row));
    return new Encoded(file.toByteArray(), described);
  }
}
