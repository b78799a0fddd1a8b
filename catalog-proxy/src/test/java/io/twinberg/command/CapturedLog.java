package io.twinberg.command;

import io.twinberg.database.Database;
import io.twinberg.database.NamespaceColumn;
import io.twinberg.testing.LostCommitAnswers;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** What a server's database tells of commits. */
final class CapturedLog {
  private final Database database;

  CapturedLog(Database database) {
    this.database = database;
  }

  /** The states of the intents of the requests with an id, in their order. */
  List<String> intents(String requestId) {
    return strings("select state from intent where request_id = ? order by id", requestId);
  }

  /** How often the reconciler has looked in vain for the commits of a request. */
  List<String> checks(String requestId) {
    return strings("select checks from intent where request_id = ? order by id", requestId);
  }

  /** The metadata files of a table's versions, in the log's order. */
  List<String> versions(TableIdentifier table) {
    return strings(
        """
        select v.metadata_location from table_version v join source_table t on t.id = v.table_id
        where t.namespace = ? and t.name = ? order by v.position
        """,
        NamespaceColumn.of(table.namespace()),
        table.name());
  }

  /** The snapshots that are current in a table's versions, in the log's order. */
  List<Long> snapshots(TableIdentifier table) {
    return strings(
            """
            select v.snapshot_id from table_version v join source_table t on t.id = v.table_id
            where t.namespace = ? and t.name = ? and v.snapshot_id is not null order by v.position
            """,
            NamespaceColumn.of(table.namespace()),
            table.name())
        .stream()
        .map(Long::valueOf)
        .toList();
  }

  /** How the versions of a table were found, in the log's order. */
  List<String> origins(TableIdentifier table) {
    return strings(
        """
        select v.origin from table_version v join source_table t on t.id = v.table_id
        where t.namespace = ? and t.name = ? order by v.position
        """,
        NamespaceColumn.of(table.namespace()),
        table.name());
  }

  /** The source's metadata file that the replica of a table shows. */
  List<String> shown(TableIdentifier table) {
    return strings(
        """
        select v.metadata_location from replica r
        join table_version v on v.source = r.source and v.position = r.position
        where r.namespace = ? and r.name = ? and r.metadata_location is not null
        """,
        NamespaceColumn.of(table.namespace()),
        table.name());
  }

  /** The first column of a query's rows. */
  List<String> strings(String sql, Object... values) {
    return database
        .jdbi()
        .withHandle(
            handle -> {
              Query query = handle.createQuery(sql);
              for (int i = 0; i < values.length; i++) {
                query.bind(i, values[i]);
              }
              return query.mapTo(String.class).list();
            });
  }

  void execute(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  /** Lets the intent of a request be durable, and whoever writes it be told that it failed. */
  void loseAnswer(String requestId) {
    LostCommitAnswers.of(database).lose(requestId);
  }

  /** A lock that somebody else holds. */
  interface Locked extends AutoCloseable {
    @Override
    void close();
  }

  /** Locks a table of a PostgreSQL log. */
  Locked lock(String table) {
    Handle handle = database.jdbi().open().begin();
    handle.execute("lock table " + table + " in access exclusive mode");
    return () -> handle.rollback().close();
  }
}
