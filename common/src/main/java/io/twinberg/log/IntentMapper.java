package io.twinberg.log;

import io.twinberg.database.Gzip;
import io.twinberg.database.NamespaceColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** Reads an intent's row together with its tables. */
final class IntentMapper implements RowMapper<Intent> {
  private record Target(TableIdentifier name, Optional<CommittedTable> committed) {}

  private final Handle handle;

  IntentMapper(Handle handle) {
    this.handle = handle;
  }

  @Override
  public Intent map(ResultSet row, StatementContext context) throws SQLException {
    long id = row.getLong("id");
    List<Target> targets = targets(id);
    return new Intent(
        id,
        row.getString("source"),
        row.getString("reference"),
        IntentKind.valueOf(row.getString("kind")),
        IntentState.valueOf(row.getString("state")),
        targets.stream().map(Target::name).toList(),
        Gzip.decompress(row.getBytes("body")),
        row.getTimestamp("opened_at").toInstant(),
        instant(row.getTimestamp("settled_at")),
        row.getInt("checks"),
        targets.stream().flatMap(target -> target.committed().stream()).findFirst());
  }

  private static Optional<Instant> instant(Timestamp timestamp) {
    return Optional.ofNullable(timestamp).map(Timestamp::toInstant);
  }

  private List<Target> targets(long id) {
    return handle
        .createQuery("select * from intent_table where intent_id = :id order by ordinal")
        .bind("id", id)
        .map((row, context) -> target(row))
        .list();
  }

  private static Target target(ResultSet row) throws SQLException {
    TableIdentifier name =
        TableIdentifier.of(
            NamespaceColumn.parse(row.getString("namespace")), row.getString("name"));
    String location = row.getString("metadata_location");
    if (location == null) {
      return new Target(name, Optional.empty());
    }
    KeptJson metadata = KeptJson.kept(row.getBytes("metadata"));
    return new Target(name, Optional.of(new CommittedTable(name, location, metadata)));
  }
}
