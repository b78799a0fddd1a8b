package io.twinberg.command.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/**
 * Writes the demonstration's tables as any client would: Parquet files and commits over Iceberg
 * REST.
 */
final class DemoTables {
  static final TableIdentifier ORDERS = TableIdentifier.of("shop", "orders");
  static final TableIdentifier CUSTOMERS = TableIdentifier.of("shop", "customers");

  private static final Schema ORDER_SCHEMA =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.required(2, "day", Types.DateType.get()),
          Types.NestedField.optional(3, "amount", Types.DoubleType.get()));
  private static final Schema CUSTOMER_SCHEMA =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "name", Types.StringType.get()));
  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 11, 1);

  private final Catalog catalog;
  private final Random random = new Random(7);
  private long nextId = 1;

  DemoTables(Catalog catalog) {
    this.catalog = catalog;
  }

  Table createOrders() {
    PartitionSpec byDay = PartitionSpec.builderFor(ORDER_SCHEMA).identity("day").build();
    return catalog.buildTable(ORDERS, ORDER_SCHEMA).withPartitionSpec(byDay).create();
  }

  Table createCustomers() {
    return catalog
        .buildTable(CUSTOMERS, CUSTOMER_SCHEMA)
        .withProperty("format-version", "3")
        .create();
  }

  /** Appends orders of one day. */
  void appendOrders(Table orders, int dayNumber, int count) {
    LocalDate day = FIRST_DAY.plusDays(dayNumber);
    List<Record> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Record row = GenericRecord.create(orders.schema());
      row.setField("id", nextId++);
      row.setField("day", day);
      row.setField("amount", random.nextInt(100_000) / 100.0);
      if (orders.schema().findField("channel") != null) {
        row.setField("channel", random.nextBoolean() ? "web" : "store");
      }
      rows.add(row);
    }
    append(orders, rows);
  }

  /** Appends customers. */
  void appendCustomers(Table customers, int count) {
    List<Record> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Record row = GenericRecord.create(customers.schema());
      row.setField("id", nextId++);
      row.setField("name", "customer " + Integer.toHexString(random.nextInt()));
      rows.add(row);
    }
    append(customers, rows);
  }

  /** All rows are of one partition. */
  private static void append(Table table, List<Record> rows) {
    PartitionKey partition = new PartitionKey(table.spec(), table.schema());
    partition.partition(new InternalRecordWrapper(table.schema().asStruct()).wrap(rows.get(0)));
    String name = UUID.randomUUID() + ".parquet";
    String location =
        table.spec().isPartitioned()
            ? table.locationProvider().newDataLocation(table.spec(), partition, name)
            : table.locationProvider().newDataLocation(name);
    table.newAppend().appendFile(write(table, partition, location, rows)).commit();
  }

  private static DataFile write(
      Table table, PartitionKey partition, String location, List<Record> rows) {
    OutputFile file = table.io().newOutputFile(location);
    try {
      DataWriter<Record> writer =
          Parquet.writeData(file)
              .schema(table.schema())
              .withSpec(table.spec())
              .withPartition(table.spec().isPartitioned() ? partition : null)
              .createWriterFunc(GenericParquetWriter::create)
              .overwrite()
              .build();
      try (writer) {
        writer.write(rows);
      }
      return writer.toDataFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
