package io.twinberg.command;

import io.twinberg.database.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.types.Types;
import org.jdbi.v3.core.Handle;

/**
 * The rows and files that ten thousand tables of an embedded catalog leave behind after a day of
 * replication to two destinations: some have failed or are paused, all others are current.
 */
final class ManyTables {
  static final int TABLES = 10_000;
  static final int PER_NAMESPACE = 100;

  /** A table changes a few times a day. */
  private static final int RECEIPTS_PER_REPLICA = 5;

  private static final int ROWS_AT_ONCE = 1000;
  private static final String WAREHOUSE = "/warehouse";
  private static final String TOMORROW = "current_timestamp + interval '1' day";

  private final Database database;
  private final Path folder;

  ManyTables(Database database, Path folder) {
    this.database = database;
    this.folder = folder;
  }

  /**
   * A configuration without the database: source {@code main}, destinations {@code eu}, {@code us}.
   */
  static String yaml() {
    return """
    server: { port: 0 }
    management: { port: 0 }
    sources: { main: { warehouse: ./warehouse } }
    destinations:
      eu: { root: ./eu, retention: { snapshots: forever } }
      us: { root: ./us, retention: { snapshots: forever } }
    rules: [ { source: main, destinations: [eu, us] } ]
    """;
  }

  /** Writes everything into a database that a server has made and left. */
  void write() throws IOException {
    writeMetadata();
    database.jdbi().useTransaction(this::insert);
    database.jdbi().useHandle(handle -> handle.execute("analyze"));
  }

  private void writeMetadata() throws IOException {
    String json =
        TableMetadataParser.toJson(
            TableMetadata.newTableMetadata(
                new Schema(Types.NestedField.required(1, "id", Types.LongType.get())),
                PartitionSpec.unpartitioned(),
                "file:LOCATION",
                Map.of()));
    String uuid = TableMetadataParser.fromJson(json).uuid();
    for (int n = 0; n < TABLES; n++) {
      Path file = Path.of(location(n) + "/metadata/1.metadata.json");
      Files.createDirectories(file.getParent());
      Files.writeString(
          file, json.replace("file:LOCATION", "file:" + location(n)).replace(uuid, uuid(n)));
    }
  }

  private String location(int n) {
    return "%s%s/n%02d/t%05d".formatted(folder, WAREHOUSE, n / PER_NAMESPACE, n);
  }

  private static String uuid(int n) {
    return "00000000-0000-4000-8000-%012d".formatted(n);
  }

  private void insert(Handle handle) {
    handle.execute(
        "insert into source (name, last_position) select 'main', 0 where not exists (select 1 from"
            + " source)");
    // As if the sweep that each start asks for were done: a server is measured that has run for
    // long.
    handle.execute("update source set sweeps_begun = 1000000, last_position = " + TABLES);
    String name = "'n' || %s".formatted(padded("n / " + PER_NAMESPACE, 2));
    String table = "'t' || %s".formatted(padded("n", 5));
    String uuid = "'00000000-0000-4000-8000-' || %s".formatted(padded("n", 12));
    String location = "'file:%s%s/' || %s || '/' || %s".formatted(folder, WAREHOUSE, name, table);
    String levels = "'[\"' || %s || '\"]'".formatted(name);
    insert(
        handle,
        """
        insert into iceberg_namespace_properties (catalog_name, namespace, property_key, property_value)
        select 'main', %s, 'exists', 'true' from %%s where mod(n, %d) = 0
        """
            .formatted(name, PER_NAMESPACE));
    insert(
        handle,
        """
        insert into iceberg_tables (catalog_name, table_namespace, table_name, metadata_location, iceberg_type)
        select 'main', %s, %s, %s || '/metadata/1.metadata.json', 'TABLE' from %%s
        """
            .formatted(name, table, location));
    // Checked at some moment of the last quarter of an hour, and due again a quarter of an hour
    // later.
    insert(
        handle,
        """
        insert into source_table (id, source, reference, namespace, name, table_uuid, incarnation, lifecycle, location,
                                  head_position, discovered_at, checked_at, check_after, unchanged_checks)
        select n + 1, 'main', '', %s, %s, %s, 1, 'ACTIVE', %s, n + 1, current_timestamp,
               current_timestamp - mod(n, 900) * interval '1' second,
               current_timestamp + (900 - mod(n, 900)) * interval '1' second, 10
        from %%s
        """
            .formatted(levels, table, uuid, location));
    insert(
        handle,
        """
        insert into table_version (source, position, table_id, metadata_location, location_hash, origin,
                                   last_sequence_number, last_updated_at, logged_at)
        select 'main', n + 1, n + 1, %1$s || '/metadata/1.metadata.json',
               %2$s, 'PROXY', 1,
               current_timestamp - interval '1' hour, current_timestamp - interval '1' hour
        from %%s
        """
            .formatted(location, hash(location + " || '/metadata/1.metadata.json'")));
    handle.execute("alter table source_table alter column id restart with " + (TABLES + 1));
    for (String destination : new String[] {"eu", "us"}) {
      insert(handle, destination, levels, table);
    }
    insertAudit(handle, levels, table);
  }

  /** Ten thousand management actions; the receipts are entries too. */
  private void insertAudit(Handle handle, String levels, String table) {
    insert(
        handle,
        """
        insert into audit_entry (recorded_at, kind, action, actor, source, namespace, name, namespace_hash, entry_hash,
                                 destination, subject, outcome, details)
        select current_timestamp - mod(n * 7, 86400) * interval '1' second, 'MANAGEMENT', 'retry', 'ops', 'main',
               %s, %s, %s, %s, 'eu', 'table', 'DONE', '{}'
        from %%s
        """
            .formatted(levels, table, hash(levels), hash(levels + " || " + table)));
  }

  private void insert(Handle handle, String destination, String levels, String table) {
    String id = "'%s' || %s".formatted(destination, padded("n", 5));
    // One of fifty has failed, one of a hundred is behind its table: paused, so that no lane works.
    insert(
        handle,
        """
        insert into replica (id, table_id, source, destination, namespace, name, folder, lifecycle, paused, position,
                             generation, metadata_location, pointer_generation, attempts, next_attempt_at, error_code,
                             error_message, failed_since, needs_person, created_at)
        select %1$s, n + 1, 'main', '%2$s', %3$s, %4$s, 'file:%5$s/%2$s/' || %1$s, 'ACTIVE',
               mod(n, 100) = 7 or mod(n, 50) = 3,
               case when mod(n, 100) = 7 then 0 else n + 1 end, 1, 'file:%5$s/%2$s/' || %1$s || '/m.json', 1,
               case when mod(n, 50) = 3 then 9 else 0 end,
               current_timestamp,
               case when mod(n, 50) = 3 then 'DESTINATION_DENIED' end, case when mod(n, 50) = 3 then 'denied' end,
               case when mod(n, 50) = 3 then current_timestamp end, mod(n, 100) = 3, current_timestamp
        from %%s
        """
            .formatted(id, destination, levels, table, folder));
    insert(
        handle,
        "insert into lease (resource, token, expires_at) select 'replica/' || %s, 3, current_timestamp from %%s"
            .formatted(id));
    insert(
        handle,
        """
        insert into replica_cleanup (replica_id, seen_token, seen_generation, look_at, due_at)
        select %s, 3, 1, %2$s, %2$s from %%s
        """
            .formatted(id, TOMORROW));
    for (int i = 0; i < RECEIPTS_PER_REPLICA; i++) {
      insert(
          handle,
          """
          insert into receipt (replica_id, generation, position, token, source_metadata_location, metadata_location,
                               snapshot_id, files, bytes, committed_at, started_at, published_at)
          select %1$s, %2$d - 4, n + 1, 3, 's', 't', n, 3, 100000,
                 current_timestamp - mod(n * 5 + %2$d, 86400) * interval '1' second - mod(n, 60) * interval '1' second,
                 current_timestamp - mod(n * 5 + %2$d, 86400) * interval '1' second,
                 current_timestamp - mod(n * 5 + %2$d, 86400) * interval '1' second
          from %%s
          """
              .formatted(id, i));
    }
    handle.execute(
        """
        update replica set receipt_id =
          (select max(c.id) from receipt c where c.replica_id = replica.id and c.generation = 0)
        where destination = ?
        """,
        destination);
    handle.execute(
        """
        update replica set applied_micros =
          (select cast(extract(epoch from c.published_at) * 1000000 as bigint) from receipt c where c.id = receipt_id)
        where destination = ?
        """,
        destination);
  }

  /** What {@code PathHash} makes of it. */
  private String hash(String text) {
    return database.shared()
        ? "left(encode(sha256(convert_to(%s, 'UTF8')), 'hex'), 32)".formatted(text)
        : "lower(left(rawtohex(hash('SHA-256', %s)), 32))".formatted(text);
  }

  private static String padded(String number, int digits) {
    return "lpad(cast(%s as varchar), %d, '0')".formatted(number, digits);
  }

  private void insert(Handle handle, String sql) {
    for (int first = 0; first < TABLES; first += ROWS_AT_ONCE) {
      handle.execute(sql.formatted(numbers(first, first + ROWS_AT_ONCE - 1)));
    }
  }

  private String numbers(int first, int last) {
    return "%s(%d, %d) as numbers(n)"
        .formatted(database.shared() ? "generate_series" : "system_range", first, last);
  }
}
