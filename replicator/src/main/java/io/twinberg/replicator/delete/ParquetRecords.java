package io.twinberg.replicator.delete;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;

/** Position deletes in Parquet. */
record ParquetRecords() implements RecordFormat {
  /** Others need libraries that are not there, or are read by few. */
  private static final Set<String> KEPT_CODECS = Set.of("uncompressed", "snappy", "gzip", "zstd");

  /** A writer holds one row group in memory. */
  private static final String ROW_GROUP_BYTES = String.valueOf(16 << 20);

  @Override
  public Layout layout(LocalCopy file) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file.path()))) {
      ParquetMetadata footer = reader.getFooter();
      return new Layout(
          ParquetSchemaUtil.convert(footer.getFileMetaData().getSchema()),
          codec(footer.getBlocks()));
    }
  }

  private static String codec(List<BlockMetaData> rowGroups) {
    String codec =
        rowGroups.isEmpty()
            ? "zstd"
            : rowGroups.get(0).getColumns().get(0).getCodec().name().toLowerCase(Locale.ROOT);
    return KEPT_CODECS.contains(codec) ? codec : "zstd";
  }

  @Override
  public CloseableIterable<Record> read(LocalCopy file, Schema schema) {
    return Parquet.read(file.input())
        .project(schema)
        .createReaderFunc(inFile -> GenericParquetReaders.buildReader(schema, inFile))
        .build();
  }

  @Override
  public FileAppender<Record> write(OutputFile file, Layout layout) throws IOException {
    Parquet.WriteBuilder builder =
        Parquet.write(file)
            .schema(layout.schema())
            .createWriterFunc(GenericParquetWriter::create)
            .set(TableProperties.PARQUET_COMPRESSION, layout.codec())
            .set(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, ROW_GROUP_BYTES)
            .overwrite();
    POSITION_DELETES.forEach(builder::meta);
    return builder.build();
  }
}
