package io.twinberg.it.docs;

import io.twinberg.it.ParquetFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;

/** Tables of a catalog with the ids of their rows, which no two of them share. */
final class UpstreamTables {
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  /** The rows of all, by the names of the tables. */
  static final Map<String, Set<Long>> ALL =
      Map.of(
          "sales.orders", Set.of(1L, 2L, 3L),
          "sales.items", Set.of(11L, 12L),
          "hr.people", Set.of(21L));

  private UpstreamTables() {}

  /** Makes all of them in a catalog. */
  static void write(RESTCatalog catalog) {
    ALL.forEach((name, ids) -> append(created(catalog, TableIdentifier.parse(name)), ids));
  }

  private static Table created(RESTCatalog catalog, TableIdentifier name) {
    if (!catalog.namespaceExists(name.namespace())) {
      catalog.createNamespace(name.namespace());
    }
    return catalog.createTable(name, SCHEMA);
  }

  private static void append(Table table, Set<Long> ids) {
    List<Record> rows =
        ids.stream()
            .<Record>map(id -> GenericRecord.create(SCHEMA).copy(Map.<String, Object>of("id", id)))
            .toList();
    table.newFastAppend().appendFile(ParquetFiles.newIn(table, rows)).commit();
  }

  /** The rows of all tables that a catalog has. */
  static Map<String, Set<Long>> in(RESTCatalog catalog) {
    Map<String, Set<Long>> found = new TreeMap<>();
    for (Namespace namespace : catalog.listNamespaces()) {
      for (TableIdentifier name : catalog.listTables(namespace)) {
        found.put(name.toString(), rows(catalog.loadTable(name)));
      }
    }
    return found;
  }

  private static Set<Long> rows(Table table) {
    Set<Long> ids = new TreeSet<>();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
      rows.forEach(row -> ids.add((Long) row.getField("id")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ids;
  }
}
