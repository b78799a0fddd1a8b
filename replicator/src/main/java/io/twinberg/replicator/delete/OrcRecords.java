package io.twinberg.replicator.delete;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.orc.GenericOrcReader;
import org.apache.iceberg.data.orc.GenericOrcWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.orc.ORC;
import org.apache.iceberg.orc.ORCSchemaUtil;
import org.apache.orc.impl.OrcTail;
import org.apache.orc.impl.ReaderImpl;

/** Position deletes in ORC. */
record OrcRecords() implements RecordFormat {
  private static final Set<String> KEPT_CODECS = Set.of("none", "zlib", "snappy", "lz4", "zstd");

  /** Footers hold statistics of every stripe; these are a hundred times the usual. */
  private static final int MAX_TAIL_BYTES = 16 << 20;

  /** ORC wants a Hadoop file system in its place, whose user lookup fails on newer JDKs. */
  @SuppressWarnings("deprecation")
  @Override
  public Layout layout(LocalCopy file) throws IOException {
    ByteBuffer end = end(file);
    OrcTail tail = ReaderImpl.extractFileTail(end, end.remaining(), 0);
    String codec = tail.getCompressionKind().name().toLowerCase(Locale.ROOT);
    return new Layout(
        ORCSchemaUtil.convert(tail.getSchema()), KEPT_CODECS.contains(codec) ? codec : "zlib");
  }

  private static ByteBuffer end(LocalCopy file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.path().toFile(), "r")) {
      byte[] end = new byte[(int) Math.min(in.length(), MAX_TAIL_BYTES)];
      in.seek(in.length() - end.length);
      in.readFully(end);
      return ByteBuffer.wrap(end);
    }
  }

  @Override
  public CloseableIterable<Record> read(LocalCopy file, Schema schema) {
    return ORC.read(file.input())
        .project(schema)
        .createReaderFunc(inFile -> GenericOrcReader.buildReader(schema, inFile))
        .build();
  }

  @Override
  public FileAppender<Record> write(OutputFile file, Layout layout) {
    ORC.WriteBuilder builder =
        ORC.write(file)
            .schema(layout.schema())
            .createWriterFunc(GenericOrcWriter::buildWriter)
            .set(TableProperties.ORC_COMPRESSION, layout.codec())
            .overwrite();
    POSITION_DELETES.forEach(builder::metadata);
    return builder.build();
  }
}
