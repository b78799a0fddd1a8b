package io.twinberg.it.lag;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;

/** A writer with Iceberg's own client that appends one file after another to one table. */
final class Appender implements AutoCloseable {
  private static final Namespace SHOP = Namespace.of("shop");
  private static final int FILE_BYTES = 100 * 1024;
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  private final RESTCatalog catalog = new RESTCatalog();
  private final Table table;
  private final Random random = new Random(7);

  Appender(String uri, Map<String, String> storage, String name) {
    Map<String, String> properties = new HashMap<>(storage);
    properties.put(CatalogProperties.URI, uri);
    properties.put(CatalogProperties.FILE_IO_IMPL, S3FileIO.class.getName());
    properties.put("client.region", storage.get("s3.region"));
    catalog.initialize("main", properties);
    if (!catalog.namespaceExists(SHOP)) {
      catalog.createNamespace(SHOP);
    }
    // Merging manifests is the writer's business and would make one commit in a hundred a large
    // one.
    table =
        catalog
            .buildTable(TableIdentifier.of(SHOP, name), SCHEMA)
            .withProperty("commit.manifest-merge.enabled", "false")
            .create();
  }

  /** Writes a file and everything else that comes before the commit. */
  Prepared prepare() {
    AppendFiles append = table.newFastAppend().appendFile(newFile());
    TableOperations operations = ((HasTableOperations) table).operations();
    return new Prepared(operations, operations.current(), append.apply());
  }

  /**
   * A commit that lacks nothing but its one request. An append of Iceberg's would load the table
   * once more before it returns, and hide that time from a measurement.
   */
  record Prepared(TableOperations operations, TableMetadata base, Snapshot snapshot) {
    /** Returns when the catalog has answered. */
    Snapshot commit() {
      operations.commit(
          base, TableMetadata.buildFrom(base).setBranchSnapshot(snapshot, "main").build());
      return snapshot;
    }
  }

  private DataFile newFile() {
    byte[] content = new byte[FILE_BYTES];
    random.nextBytes(content);
    String location = table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet");
    try (PositionOutputStream out = table.io().newOutputFile(location).create()) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath(location)
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(FILE_BYTES)
        .withRecordCount(1)
        .build();
  }

  Table table() {
    return table;
  }

  @Override
  public void close() {
    try {
      catalog.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
