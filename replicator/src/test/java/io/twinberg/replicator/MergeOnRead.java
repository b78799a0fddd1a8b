package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.orc.GenericOrcWriter;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.DVFileWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.DeleteSchemaUtil;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.orc.ORC;
import org.apache.iceberg.parquet.Parquet;

/** Writes real rows and real deletes of all kinds, and reads tables with deletes applied. */
final class MergeOnRead {
  /** Positions of one data file. */
  record Deleted(DataFile file, long... positions) {}

  private final Table table;

  MergeOnRead(Table table) {
    this.table = table;
  }

  /** A data file whose rows have the ids from the first to the last. */
  DataFile rows(String name, long first, long last) {
    DataWriter<Record> writer;
    try {
      writer =
          Parquet.writeData(file(name + ".parquet"))
              .schema(table.schema())
              .createWriterFunc(GenericParquetWriter::create)
              .withSpec(PartitionSpec.unpartitioned())
              .overwrite()
              .build();
      try (writer) {
        LongStream.rangeClosed(first, last).forEach(id -> writer.write(row(table.schema(), id)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return writer.toDataFile();
  }

  private OutputFile file(String name) {
    return table.io().newOutputFile(table.location() + "/data/" + name);
  }

  private static Record row(Schema schema, long id) {
    Record row = GenericRecord.create(schema);
    row.setField("id", id);
    if (schema.findField("name") != null) {
      row.setField("name", "row " + id);
    }
    return row;
  }

  DataFile append(String name, long first, long last) {
    DataFile file = rows(name, first, last);
    table.newAppend().appendFile(file).commit();
    return file;
  }

  /** A file of position deletes; with the deleted rows, which few writers keep, if wanted. */
  DeleteFile positions(FileFormat format, String name, boolean rows, Deleted... deleted) {
    Schema schema = DeleteSchemaUtil.posDeleteSchema(rows ? table.schema() : null);
    OutputFile out = file(name + "." + format.name().toLowerCase(Locale.ROOT));
    try {
      FileAppender<Record> appender = appender(format, out, schema);
      try (appender) {
        for (Deleted of : deleted) {
          for (long position : of.positions()) {
            Record delete = GenericRecord.create(schema);
            delete.set(0, of.file().location());
            delete.set(1, position);
            if (rows) {
              delete.set(2, row(table.schema(), position));
            }
            appender.add(delete);
          }
        }
      }
      return FileMetadata.deleteFileBuilder(PartitionSpec.unpartitioned())
          .ofPositionDeletes()
          .withPath(out.location())
          .withFormat(format)
          .withFileSizeInBytes(appender.length())
          .withMetrics(appender.metrics())
          .withSplitOffsets(appender.splitOffsets())
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileAppender<Record> appender(FileFormat format, OutputFile out, Schema schema)
      throws IOException {
    MetricsConfig metrics = MetricsConfig.forPositionDelete();
    return switch (format) {
      case PARQUET ->
          Parquet.write(out)
              .schema(schema)
              .createWriterFunc(GenericParquetWriter::create)
              .metricsConfig(metrics)
              .meta("delete-type", "position")
              .build();
      case ORC ->
          ORC.write(out)
              .schema(schema)
              .createWriterFunc(GenericOrcWriter::buildWriter)
              .metricsConfig(metrics)
              .metadata("delete-type", "position")
              .build();
      default ->
          Avro.write(out)
              .schema(schema)
              .createWriterFunc(org.apache.iceberg.data.avro.DataWriter::create)
              .metricsConfig(metrics)
              .meta("delete-type", "position")
              .build();
    };
  }

  /** Deletion vectors of several data files in one Puffin file. */
  List<DeleteFile> vectors(Deleted... deleted) {
    OutputFileFactory files =
        OutputFileFactory.builderFor(table, 1, 1).format(FileFormat.PUFFIN).build();
    DVFileWriter writer = new BaseDVFileWriter(files, path -> null);
    try (writer) {
      for (Deleted of : deleted) {
        for (long position : of.positions()) {
          writer.delete(of.file().location(), position, PartitionSpec.unpartitioned(), null);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return writer.result().deleteFiles();
  }

  /** Deletes the rows of some ids wherever they are. */
  DeleteFile ids(String name, long... ids) {
    Schema schema = table.schema().select("id");
    try {
      EqualityDeleteWriter<Record> writer =
          Parquet.writeDeletes(file(name + ".parquet"))
              .createWriterFunc(GenericParquetWriter::create)
              .rowSchema(schema)
              .equalityFieldIds(1)
              .withSpec(PartitionSpec.unpartitioned())
              .overwrite()
              .buildEqualityWriter();
      try (writer) {
        for (long id : ids) {
          writer.write(row(schema, id));
        }
      }
      return writer.toDeleteFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete(DeleteFile... files) {
    var delta = table.newRowDelta();
    List.of(files).forEach(delta::addDeletes);
    delta.commit();
  }

  /** The ids of a snapshot's rows, sorted, as an engine reads them. */
  static List<Long> ids(Table table, long snapshotId) {
    List<Long> ids = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table).useSnapshot(snapshotId).build()) {
      rows.forEach(row -> ids.add((Long) row.getField("id")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ids.sort(null);
    return ids;
  }

  /** The replica as an engine would open it. */
  static Table replica(TestingLake lake) {
    return new BaseTable(
        new StaticTableOperations(lake.replica().metadataLocation().orElseThrow(), lake.io()),
        "replica");
  }

  /** Every snapshot of the source has the same rows at the replica. */
  static void assertSameRows(TestingLake lake, Table source) {
    source.refresh();
    Table replica = replica(lake);
    for (Snapshot snapshot : source.snapshots()) {
      assertThat(ids(replica, snapshot.snapshotId()))
          .as("rows of snapshot " + snapshot.sequenceNumber())
          .isEqualTo(ids(source, snapshot.snapshotId()));
    }
  }
}
