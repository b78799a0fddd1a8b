package io.twinberg.replicator.delete;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.avro.DataWriter;
import org.apache.iceberg.data.avro.PlannedDataReader;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;

/** Position deletes in Avro. */
record AvroRecords() implements RecordFormat {
  private static final String DEFAULT_CODEC = "gzip";

  @Override
  public Layout layout(LocalCopy file) throws IOException {
    try (DataFileReader<Object> reader =
        new DataFileReader<>(file.path().toFile(), new GenericDatumReader<>())) {
      return new Layout(AvroSchemaUtil.toIceberg(reader.getSchema()), codec(reader));
    }
  }

  private static String codec(DataFileReader<?> reader) {
    byte[] name = reader.getMeta("avro.codec");
    return switch (name == null ? "null" : new String(name, StandardCharsets.UTF_8)) {
      case "null" -> "uncompressed";
      case "snappy" -> "snappy";
      case "zstandard" -> "zstd";
      default -> DEFAULT_CODEC;
    };
  }

  @Override
  public CloseableIterable<Record> read(LocalCopy file, Schema schema) {
    return Avro.read(file.input())
        .project(schema)
        .createResolvingReader(PlannedDataReader::create)
        .build();
  }

  @Override
  public FileAppender<Record> write(OutputFile file, Layout layout) throws IOException {
    return Avro.write(file)
        .schema(layout.schema())
        .createWriterFunc(DataWriter::create)
        .set(TableProperties.AVRO_COMPRESSION, layout.codec())
        .meta(POSITION_DELETES)
        .overwrite()
        .build();
  }
}
