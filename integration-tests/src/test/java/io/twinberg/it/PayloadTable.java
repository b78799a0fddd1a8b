package io.twinberg.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;

/**
 * A table of rows with a payload that no codec makes smaller, written and read with Iceberg's own
 * client and no engine around it.
 */
final class PayloadTable implements AutoCloseable {
  static final String NAMESPACE = "shop";
  static final String NAME = "orders";

  private static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.required(2, "payload", Types.BinaryType.get()));
  private static final TableIdentifier IDENTIFIER = TableIdentifier.of(NAMESPACE, NAME);

  private final RESTCatalog catalog;
  private final Table table;

  private PayloadTable(RESTCatalog catalog, Table table) {
    this.catalog = catalog;
    this.table = table;
  }

  /** Makes the table in a catalog, or loads the one that is there. */
  static PayloadTable writable(URI uri, Map<String, String> storage) {
    RESTCatalog catalog = catalog(uri, storage);
    if (!catalog.namespaceExists(Namespace.of(NAMESPACE))) {
      catalog.createNamespace(Namespace.of(NAMESPACE));
    }
    Table table =
        catalog.tableExists(IDENTIFIER)
            ? catalog.loadTable(IDENTIFIER)
            : catalog.createTable(IDENTIFIER, SCHEMA);
    return new PayloadTable(catalog, table);
  }

  /** Loads the table with nothing but what the catalog hands out. */
  static PayloadTable readOnly(URI uri) {
    RESTCatalog catalog = catalog(uri, Map.of());
    return new PayloadTable(catalog, catalog.loadTable(IDENTIFIER));
  }

  private static RESTCatalog catalog(URI uri, Map<String, String> storage) {
    Map<String, String> properties = new HashMap<>(storage);
    properties.put(CatalogProperties.URI, uri.toString());
    properties.put(CatalogProperties.FILE_IO_IMPL, S3FileIO.class.getName());
    RESTCatalog catalog = new RESTCatalog();
    catalog.initialize("payload", properties);
    return catalog;
  }

  /** Appends a file with one row, and returns the file's location. */
  String append(long id, int payloadBytes) {
    byte[] payload = new byte[payloadBytes];
    new Random(id).nextBytes(payload);
    Record row = GenericRecord.create(SCHEMA);
    row.setField("id", id);
    row.setField("payload", ByteBuffer.wrap(payload));
    DataFile file = ParquetFiles.newIn(table, List.of(row));
    table.newAppend().appendFile(file).commit();
    return file.location();
  }

  /** All payloads by id. */
  Map<Long, String> rows() {
    Map<Long, String> rows = new TreeMap<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      for (Record row : records) {
        ByteBuffer payload = (ByteBuffer) row.getField("payload");
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        rows.put((Long) row.getField("id"), Base64.getEncoder().encodeToString(bytes));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  /** The locations of its data files. */
  List<String> files() {
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      List<String> files = new ArrayList<>();
      tasks.forEach(task -> files.add(task.file().location()));
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
