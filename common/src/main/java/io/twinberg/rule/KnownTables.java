package io.twinberg.rule;

import io.twinberg.database.Database;
import io.twinberg.database.NamespaceColumn;
import io.twinberg.log.EntryKind;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.rule.KnownTable.Held;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * All tables that sources have now or that have replicas, read at once: two queries, however many
 * rules and tables there are.
 */
final class KnownTables {
  private static final String TABLES =
      """
      select id, kind, source, namespace, name, lifecycle from source_table t
      where lifecycle = 'ACTIVE' or exists (select 1 from replica r where r.table_id = t.id)
      order by id
      """;

  private final Jdbi jdbi;

  KnownTables(Database database) {
    this.jdbi = database.jdbi();
  }

  List<KnownTable> read() {
    return jdbi.withHandle(
        handle -> {
          Map<Long, List<Held>> replicas = replicas(handle);
          return handle.createQuery(TABLES).map((row, context) -> table(row, replicas)).list();
        });
  }

  private static Map<Long, List<Held>> replicas(Handle handle) {
    Map<Long, List<Held>> replicas = new HashMap<>();
    handle
        .createQuery("select table_id, destination, namespace, name, lifecycle from replica")
        .map((row, context) -> Map.entry(row.getLong("table_id"), held(row)))
        .forEach(
            one ->
                replicas
                    .computeIfAbsent(one.getKey(), any -> new ArrayList<>())
                    .add(one.getValue()));
    return replicas;
  }

  private static Held held(ResultSet row) throws SQLException {
    return new Held(
        row.getString("destination"),
        name(row),
        ReplicaLifecycle.valueOf(row.getString("lifecycle")));
  }

  private static KnownTable table(ResultSet row, Map<Long, List<Held>> replicas)
      throws SQLException {
    return new KnownTable(
        EntryKind.valueOf(row.getString("kind")),
        row.getString("source"),
        name(row),
        row.getString("lifecycle").equals("ACTIVE"),
        List.copyOf(replicas.getOrDefault(row.getLong("id"), List.of())));
  }

  private static TableIdentifier name(ResultSet row) throws SQLException {
    return TableIdentifier.of(
        NamespaceColumn.parse(row.getString("namespace")), row.getString("name"));
  }
}
