package io.twinberg.replicator.histories;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.avro.DataWriter;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.OutputFileFactory;

/** Real delete files of every kind. */
final class Deletes {
  private final Table table;
  private int files;

  Deletes(Table table) {
    this.table = table;
  }

  /** Deletes all rows of an id, in the partition of a file that may have some. */
  DeleteFile equality(DataFile beside, long id) {
    Schema schema = table.schema().select("id");
    Record row = GenericRecord.create(schema);
    row.setField("id", id);
    PartitionSpec spec = table.specs().get(beside.specId());
    try {
      EqualityDeleteWriter<Record> writer =
          Avro.writeDeletes(out("avro"))
              .createWriterFunc(DataWriter::create)
              .rowSchema(schema)
              .equalityFieldIds(1)
              .withSpec(spec)
              .withPartition(spec.isUnpartitioned() ? null : beside.partition())
              .overwrite()
              .buildEqualityWriter();
      try (writer) {
        writer.write(row);
      }
      return writer.toDeleteFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes the first row of a file: as a vector where the format has them. */
  List<DeleteFile> position(DataFile file, int formatVersion) {
    PartitionSpec spec = table.specs().get(file.specId());
    try {
      return formatVersion > 2 ? vector(file, spec) : List.of(positions(file, spec));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<DeleteFile> vector(DataFile file, PartitionSpec spec) throws IOException {
    OutputFileFactory files =
        OutputFileFactory.builderFor(table, 1, 1).format(FileFormat.PUFFIN).build();
    BaseDVFileWriter writer = new BaseDVFileWriter(files, path -> null);
    try (writer) {
      writer.delete(file.location(), 0, spec, file.partition());
    }
    return writer.result().deleteFiles();
  }

  private DeleteFile positions(DataFile file, PartitionSpec spec) throws IOException {
    PositionDeleteWriter<Record> writer =
        Avro.writeDeletes(out("avro"))
            .withSpec(spec)
            .withPartition(spec.isUnpartitioned() ? null : file.partition())
            .overwrite()
            .buildPositionWriter();
    try (writer) {
      PositionDelete<Record> delete = PositionDelete.create();
      writer.write(delete.set(file.location(), 0));
    }
    return writer.toDeleteFile();
  }

  private OutputFile out(String format) {
    return table
        .io()
        .newOutputFile(table.locationProvider().newDataLocation("d" + files++ + "." + format));
  }
}
