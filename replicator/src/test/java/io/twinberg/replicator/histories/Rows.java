package io.twinberg.replicator.histories;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.avro.DataWriter;
import org.apache.iceberg.types.Types;

/** Files of real rows, all of a file's rows in one partition. */
final class Rows {
  private final Table table;
  private int rows;
  private int files;

  Rows(Table table) {
    this.table = table;
  }

  /** A file of a few new rows, below the folder that the table has for data. */
  DataFile file(Random random) {
    return file(random, table.locationProvider().newDataLocation("f" + files++ + ".avro"));
  }

  DataFile file(Random random, String path) {
    Schema schema = table.schema();
    PartitionSpec spec = table.spec();
    long id = random.nextInt(6);
    List<Record> records = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      records.add(record(schema, id));
    }
    PartitionKey partition = new PartitionKey(spec, schema);
    partition.partition(new InternalRecordWrapper(schema.asStruct()).wrap(records.get(0)));
    var writer = writer(path, schema, spec, partition);
    try (writer) {
      records.forEach(writer::write);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return writer.toDataFile();
  }

  private org.apache.iceberg.io.DataWriter<Record> writer(
      String path, Schema schema, PartitionSpec spec, PartitionKey partition) {
    try {
      return Avro.writeData(table.io().newOutputFile(path))
          .schema(schema)
          .createWriterFunc(DataWriter::create)
          .withSpec(spec)
          .withPartition(spec.isUnpartitioned() ? null : partition)
          .overwrite()
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What specs may partition by is the same in all rows of a file; the rest tells rows apart. */
  private Record record(Schema schema, long id) {
    Record record = GenericRecord.create(schema);
    for (Types.NestedField field : schema.columns()) {
      Object value =
          switch (field.type().typeId()) {
            case LONG -> field.name().equals("n") ? (long) rows++ : id;
            case STRING -> "name " + id;
            default -> throw new IllegalStateException(field.toString());
          };
      record.setField(field.name(), value);
    }
    return record;
  }
}
