package io.twinberg.replicator.delete;

import java.io.IOException;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;

/** A file format of position deletes, read and written with Iceberg's generic records. */
sealed interface RecordFormat permits ParquetRecords, AvroRecords, OrcRecords {

  /** What Iceberg's writers of position deletes put into the file's own metadata. */
  Map<String, String> POSITION_DELETES = Map.of("delete-type", "position");

  /** Reads what a file says about itself. */
  Layout layout(LocalCopy file) throws IOException;

  /** Reads the rows in file order. */
  CloseableIterable<Record> read(LocalCopy file, Schema schema);

  /** Writes rows with the same columns and compression. */
  FileAppender<Record> write(OutputFile file, Layout layout) throws IOException;
}
