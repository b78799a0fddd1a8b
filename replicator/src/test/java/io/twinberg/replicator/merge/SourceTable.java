package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.source.LoadResult.Loaded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.types.Types;

/**
 * A source table whose history real Iceberg writes, in memory, with data files that do not exist.
 */
final class SourceTable {
  static final String WAREHOUSE = "s3://lake/wh";
  static final TableIdentifier ID = TableIdentifier.of(Namespace.of("db"), "t");
  static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "name", Types.StringType.get()));

  private final InMemoryCatalog catalog = new InMemoryCatalog();
  private final CatalogSourceReader reader;
  private final Table table;
  private int files;

  SourceTable(int formatVersion) {
    catalog.initialize("test", Map.of(CatalogProperties.WAREHOUSE_LOCATION, WAREHOUSE));
    catalog.createNamespace(ID.namespace());
    table =
        catalog
            .buildTable(ID, SCHEMA)
            .withProperty("format-version", String.valueOf(formatVersion))
            .withProperty("user.note", "written to " + WAREHOUSE)
            .create();
    reader = CatalogSourceReader.of(catalog);
  }

  Table table() {
    return table;
  }

  /** CREATE OR REPLACE TABLE. */
  void replace(Schema schema) {
    catalog
        .buildTable(ID, schema)
        .withLocation(table.location())
        .replaceTransaction()
        .commitTransaction();
    table.refresh();
  }

  /** The JSON of the current metadata file, as a replicator reads it. */
  ObjectNode tree() {
    return ((Loaded) reader.load(ID)).tree();
  }

  long append() {
    table().newAppend().appendFile(file()).commit();
    return table().currentSnapshot().snapshotId();
  }

  long stage() {
    List<Long> before = snapshotIds();
    table().newAppend().appendFile(file()).stageOnly().commit();
    List<Long> after = snapshotIds();
    after.removeAll(before);
    return after.get(0);
  }

  List<Long> snapshotIds() {
    List<Long> ids = new ArrayList<>();
    for (Snapshot snapshot : table().snapshots()) {
      ids.add(snapshot.snapshotId());
    }
    return ids;
  }

  /** Expires what no ref needs but the newest, and forgets schemas and specs that nothing uses. */
  void expire(int retainLast) {
    table()
        .expireSnapshots()
        .expireOlderThan(Long.MAX_VALUE)
        .retainLast(retainLast)
        .cleanExpiredMetadata(true)
        .deleteWith(path -> {})
        .commit();
  }

  DataFile file() {
    // All partition values null: enough for a manifest, whatever the spec.
    return DataFiles.builder(table().spec())
        .withPath(table().location() + "/data/f" + files++ + ".parquet")
        .withFileSizeInBytes(10)
        .withRecordCount(3)
        .build();
  }
}
