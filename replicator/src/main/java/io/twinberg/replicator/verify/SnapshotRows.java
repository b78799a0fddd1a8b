package io.twinberg.replicator.verify;

import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.data.DeleteFilter;
import org.apache.iceberg.data.GenericDeleteFilter;
import org.apache.iceberg.data.IdentityPartitionConverters;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.formats.ReadBuilder;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.util.PartitionUtil;

/**
 * The rows of a snapshot by Iceberg's own readers, deletes applied. {@code IcebergGenerics} does
 * the same but for the table's name mapping, without which files of other writers, as {@code
 * add_files} brings them, are read by the position of their columns.
 */
final class SnapshotRows {
  private final Table table;
  private final TableScan scan;
  private final Optional<NameMapping> names;

  SnapshotRows(Table table, long snapshotId) {
    this.table = table;
    this.scan = table.newScan().metricsReporter(report -> {}).useSnapshot(snapshotId);
    this.names =
        Optional.ofNullable(table.properties().get(TableProperties.DEFAULT_NAME_MAPPING))
            .map(NameMappingParser::fromJson);
  }

  /** All rows; a row is valid until the next one is asked for. */
  CloseableIterable<Record> read() {
    return CloseableIterable.concat(CloseableIterable.transform(scan.planFiles(), this::rows));
  }

  private CloseableIterable<Record> rows(FileScanTask task) {
    DeleteFilter<Record> deletes =
        new GenericDeleteFilter(table.io(), task, table.schema(), scan.schema());
    return deletes.filter(records(task, deletes.requiredSchema()));
  }

  private CloseableIterable<Record> records(FileScanTask task, Schema schema) {
    Map<Integer, ?> constants =
        PartitionUtil.constantsMap(task, IdentityPartitionConverters::convertConstant);
    ReadBuilder<Record, ?> reader =
        FormatModelRegistry.readBuilder(
            task.file().format(), Record.class, table.io().newInputFile(task.file()));
    names.ifPresent(reader::withNameMapping);
    return reader.project(schema).idToConstant(constants).reuseContainers().build();
  }
}
