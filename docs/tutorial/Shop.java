import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;

/**
 * A shop with one table, sales.orders: Iceberg's own Java client in the place of an engine, for
 * docs/TUTORIAL.md. Run it with 'write', 'expire', 'drop' or 'read' and the URI of a catalog.
 */
class Shop {
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "orders");
  private static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "amount", Types.DoubleType.get()));
  private static final int ROWS = 100;

  public static void main(String[] arguments) throws IOException {
    System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    try (RESTCatalog catalog = new RESTCatalog()) {
      catalog.initialize("shop", properties(arguments[1], arguments[0].equals("read")));
      run(arguments[0], catalog);
    } catch (RESTException e) {
      System.err.println("failed: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void run(String what, RESTCatalog catalog) throws IOException {
    switch (what) {
      case "write" -> write(catalog);
      case "expire" -> expire(catalog.loadTable(ORDERS));
      case "drop" -> drop(catalog);
      case "read" -> read(catalog.loadTable(ORDERS));
      default -> throw new IllegalArgumentException(what);
    }
  }

  /** A writer brings the keys of the lake; a reader of a replica is handed what it needs. */
  private static Map<String, String> properties(String uri, boolean reader) {
    Map<String, String> common =
        Map.of(
            "uri", uri,
            "io-impl", "org.apache.iceberg.aws.s3.S3FileIO",
            "client.region", "us-east-1");
    if (reader) {
      return common;
    }
    Map<String, String> all = new HashMap<>(common);
    all.put("s3.endpoint", System.getenv("LAKE_ENDPOINT"));
    all.put("s3.path-style-access", "true");
    all.put("s3.access-key-id", System.getenv("LAKE_KEY"));
    all.put("s3.secret-access-key", System.getenv("LAKE_SECRET"));
    return all;
  }

  private static void write(RESTCatalog catalog) throws IOException {
    if (!catalog.namespaceExists(Namespace.of("sales"))) {
      catalog.createNamespace(Namespace.of("sales"));
    }
    Table orders =
        catalog.tableExists(ORDERS)
            ? catalog.loadTable(ORDERS)
            : catalog.createTable(ORDERS, SCHEMA);
    DataWriter<Record> writer =
        Parquet.writeData(
                orders
                    .io()
                    .newOutputFile(
                        orders.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet")))
            .schema(orders.schema())
            .withSpec(orders.spec())
            .createWriterFunc(GenericParquetWriter::create)
            .build();
    try (writer) {
      writer.write(rows(orders));
    }
    orders.newAppend().appendFile(writer.toDataFile()).commit();
    print("written", orders);
  }

  private static List<Record> rows(Table orders) {
    return LongStream.range(0, ROWS)
        .<Record>mapToObj(
            id ->
                GenericRecord.create(orders.schema())
                    .copy(Map.<String, Object>of("id", id, "amount", id / 4.0)))
        .toList();
  }

  private static void expire(Table orders) {
    orders.expireSnapshots().expireOlderThan(System.currentTimeMillis()).retainLast(1).commit();
    print("expired", orders);
  }

  private static void drop(RESTCatalog catalog) {
    catalog.dropTable(ORDERS, false);
    System.out.println("dropped: sales.orders");
  }

  private static void read(Table orders) throws IOException {
    print("read", orders);
    for (Snapshot snapshot : orders.snapshots()) {
      try (CloseableIterable<Record> all =
          IcebergGenerics.read(orders).useSnapshot(snapshot.snapshotId()).build()) {
        long rows = 0;
        for (Record row : all) {
          rows++;
        }
        System.out.println("  snapshot " + snapshot.sequenceNumber() + ": " + rows + " rows");
      }
    }
  }

  private static void print(String what, Table orders) {
    long snapshots = StreamSupport.stream(orders.snapshots().spliterator(), false).count();
    System.out.println(
        what + ": sales.orders, " + snapshots + (snapshots == 1 ? " snapshot" : " snapshots"));
  }
}
