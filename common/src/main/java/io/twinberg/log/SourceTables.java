package io.twinberg.log;

import io.twinberg.database.Database;
import io.twinberg.database.EntryHash;
import io.twinberg.database.NamespaceColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The tables of all sources that the log knows. */
public final class SourceTables {
  private final Jdbi jdbi;
  private final Clock clock;

  /** The tables of one database. */
  public SourceTables(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /** The table that has a name at a source now. */
  public Optional<SourceTable> active(String source, String reference, TableIdentifier name) {
    return active(EntryKind.TABLE, source, reference, name);
  }

  /** The table or view that has a name at a source now. */
  public Optional<SourceTable> active(
      EntryKind kind, String source, String reference, TableIdentifier name) {
    return jdbi.withHandle(handle -> active(handle, kind, source, reference, name));
  }

  private static Optional<SourceTable> active(
      Handle handle, EntryKind kind, String source, String reference, TableIdentifier name) {
    return handle
        .createQuery(
            """
            select * from source_table
            where source = :source and entry_hash = :hash and reference = :reference
              and namespace = :namespace and name = :name and lifecycle = 'ACTIVE' and kind = :kind
            """)
        .bind("kind", kind)
        .bind("source", source)
        .bind("hash", EntryHash.of(name))
        .bind("reference", reference)
        .bind("namespace", NamespaceColumn.of(name.namespace()))
        .bind("name", name.name())
        .map((row, context) -> table(row))
        .findOne();
  }

  /** The table that has a name at a source now, or else the last that had it. */
  public Optional<SourceTable> latest(String source, String reference, TableIdentifier name) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from source_table
                    where source = :source and entry_hash = :hash and reference = :reference
                      and namespace = :namespace and name = :name and kind = 'TABLE'
                    order by case lifecycle when 'ACTIVE' then 0 else 1 end, id desc limit 1
                    """)
                .bind("source", source)
                .bind("hash", EntryHash.of(name))
                .bind("reference", reference)
                .bind("namespace", NamespaceColumn.of(name.namespace()))
                .bind("name", name.name())
                .map((row, context) -> table(row))
                .findOne());
  }

  /**
   * What the source has, or had, under a UUID and may have again, newest first: one metadata file
   * can be registered under several names.
   */
  public List<SourceTable> withUuid(EntryKind kind, String source, String reference, String uuid) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from source_table
                    where source = :source and table_uuid = :uuid and reference = :reference
                      and kind = :kind and lifecycle <> 'ENDED'
                    order by id desc
                    """)
                .bind("kind", kind)
                .bind("source", source)
                .bind("uuid", uuid)
                .bind("reference", reference)
                .map((row, context) -> table(row))
                .list());
  }

  /** One table by its row. */
  public Optional<SourceTable> find(long id) {
    return jdbi.withHandle(handle -> find(handle, id));
  }

  /**
   * The metadata file of a table's newest version in the log; empty where it has none, or the table
   * has been renamed, dropped or superseded since its row was read.
   */
  public Optional<String> headLocation(SourceTable table) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select v.metadata_location
                    from source_table t left join table_version v on v.source = t.source and v.position = t.head_position
                    where t.id = :id and t.namespace = :namespace and t.name = :name and t.lifecycle = 'ACTIVE'
                    """)
                .bind("id", table.id())
                .bind("namespace", NamespaceColumn.of(table.name().namespace()))
                .bind("name", table.name().name())
                .mapTo(String.class)
                .findOne());
  }

  private static Optional<SourceTable> find(Handle handle, long id) {
    return handle
        .createQuery("select * from source_table where id = :id")
        .bind("id", id)
        .map((row, context) -> table(row))
        .findOne();
  }

  /**
   * Like {@link #discover(EntryKind, String, String, TableIdentifier, String, String, boolean)}.
   */
  public SourceTable discover(
      String source,
      String reference,
      TableIdentifier name,
      String uuid,
      String location,
      boolean restarted) {
    return discover(EntryKind.TABLE, source, reference, name, uuid, location, restarted);
  }

  /**
   * Makes a table or view known under its name. Whatever had the name before under another UUID is
   * superseded; with {@code restarted} the same UUID is ended, and the table starts another
   * incarnation, because its history went back.
   */
  public SourceTable discover(
      EntryKind kind,
      String source,
      String reference,
      TableIdentifier name,
      String uuid,
      String location,
      boolean restarted) {
    return jdbi.inTransaction(
        handle -> {
          Sources.takePositions(handle, source, 0);
          Optional<SourceTable> known = active(handle, kind, source, reference, name);
          if (known.isPresent() && known.get().uuid().equals(uuid) && !restarted) {
            return known.get();
          }
          known.ifPresent(table -> lifecycle(handle, table.id(), after(table, uuid)));
          if (restarted) {
            Sources.wentBack(handle, source);
          }
          insert(handle, kind, source, reference, name, uuid, location);
          return active(handle, kind, source, reference, name).orElseThrow();
        });
  }

  private static TableLifecycle after(SourceTable before, String uuid) {
    return before.uuid().equals(uuid) ? TableLifecycle.ENDED : TableLifecycle.SUPERSEDED;
  }

  private void insert(
      Handle handle,
      EntryKind kind,
      String source,
      String reference,
      TableIdentifier name,
      String uuid,
      String location) {
    handle
        .createUpdate(
            """
            insert into source_table (kind, source, reference, namespace, name, table_uuid, incarnation, lifecycle,
                                      location, discovered_at, check_after, unchanged_checks)
            values (:kind, :source, :reference, :namespace, :name, :uuid,
                    (select count(*) + 1 from source_table
                     where source = :source and entry_hash = :hash and reference = :reference
                       and namespace = :namespace and name = :name and table_uuid = :uuid),
                    'ACTIVE', :location, :now, :now, 0)
            """)
        .bind("kind", kind)
        .bind("source", source)
        .bind("reference", reference)
        .bind("namespace", NamespaceColumn.of(name.namespace()))
        .bind("name", name.name())
        .bind("hash", EntryHash.of(name))
        .bind("uuid", uuid)
        .bind("location", location)
        .bind("now", clock.instant())
        .execute();
  }

  /** The source no longer lists the table; a superseded one stays superseded. */
  public void dropped(long id) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "update source_table set lifecycle = ? where id = ? and lifecycle = ?",
                TableLifecycle.DROPPED,
                id,
                TableLifecycle.ACTIVE));
  }

  /**
   * The table's catalog entry has moved, or came back after a drop; the table stays what it is.
   * Whatever the log still has under the new name is superseded.
   *
   * <p>Crash after this: replicas do not follow yet, and what was looked at lately may not be due
   * for long. So a look is asked for with it, whoever looks then.
   */
  public void renamed(long id, TableIdentifier name) {
    jdbi.useTransaction(
        handle -> {
          SourceTable table = find(handle, id).orElseThrow();
          Sources.takePositions(handle, table.source(), 0);
          active(handle, table.kind(), table.source(), table.reference(), name)
              .filter(other -> other.id() != id)
              .ifPresent(other -> lifecycle(handle, other.id(), TableLifecycle.SUPERSEDED));
          handle.execute(
              """
              update source_table set namespace = ?, name = ?, lifecycle = ?,
                                      looks_asked = looks_asked + 1, check_after = least(check_after, ?)
              where id = ?
              """,
              NamespaceColumn.of(name.namespace()),
              name.name(),
              TableLifecycle.ACTIVE,
              clock.instant(),
              id);
        });
  }

  private static void lifecycle(Handle handle, long id, TableLifecycle lifecycle) {
    handle.execute("update source_table set lifecycle = ? where id = ?", lifecycle, id);
  }

  /** All active tables of a source. */
  public List<SourceTable> active(String source) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select * from source_table where source = :source and lifecycle = 'ACTIVE'"
                        + " order by id")
                .bind("source", source)
                .map((row, context) -> table(row))
                .list());
  }

  /** The names that a source's active entries have, by their kind. */
  public Map<EntryKind, Set<TableIdentifier>> activeNames(String source, String reference) {
    Map<EntryKind, Set<TableIdentifier>> names = new EnumMap<>(EntryKind.class);
    Stream.of(EntryKind.values()).forEach(kind -> names.put(kind, new HashSet<>()));
    // Most names share their namespace with many others: to parse each column takes far longer.
    Map<String, Namespace> namespaces = new HashMap<>();
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select kind, namespace, name from source_table
                    where source = :source and lifecycle = 'ACTIVE' and reference = :reference
                    """)
                .bind("source", source)
                .bind("reference", reference)
                .reduceResultSet(
                    names,
                    (all, row, context) -> {
                      Namespace namespace =
                          namespaces.computeIfAbsent(
                              row.getString("namespace"), NamespaceColumn::parse);
                      all.get(EntryKind.valueOf(row.getString("kind")))
                          .add(TableIdentifier.of(namespace, row.getString("name")));
                      return all;
                    }));
  }

  static SourceTable table(ResultSet row) throws SQLException {
    long head = row.getLong("head_position");
    OptionalLong headPosition = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(head);
    return new SourceTable(
        row.getLong("id"),
        EntryKind.valueOf(row.getString("kind")),
        row.getString("source"),
        row.getString("reference"),
        TableIdentifier.of(
            NamespaceColumn.parse(row.getString("namespace")), row.getString("name")),
        row.getString("table_uuid"),
        row.getInt("incarnation"),
        TableLifecycle.valueOf(row.getString("lifecycle")),
        row.getString("location"),
        headPosition,
        Optional.ofNullable(row.getTimestamp("checked_at")).map(Timestamp::toInstant),
        row.getInt("unchanged_checks"),
        row.getLong("looks_asked"),
        row.getLong("looks_answered"));
  }
}
