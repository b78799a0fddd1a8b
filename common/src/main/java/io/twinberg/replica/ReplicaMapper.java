package io.twinberg.replica;

import io.twinberg.config.DataSize;
import io.twinberg.database.NamespaceColumn;
import io.twinberg.log.EntryKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** Reads a replica's row. */
final class ReplicaMapper implements RowMapper<Replica> {
  @Override
  public Replica map(ResultSet row, StatementContext context) throws SQLException {
    return new Replica(
        row.getString("id"),
        EntryKind.valueOf(row.getString("kind")),
        row.getLong("table_id"),
        row.getString("source"),
        row.getString("destination"),
        TableIdentifier.of(
            NamespaceColumn.parse(row.getString("namespace")), row.getString("name")),
        row.getString("folder"),
        ReplicaLifecycle.valueOf(row.getString("lifecycle")),
        row.getBoolean("paused"),
        row.getLong("position"),
        row.getLong("generation"),
        Optional.ofNullable(row.getString("metadata_location")),
        number(row, "receipt_id"),
        row.getLong("pointer_generation"),
        number(row, "history_through"),
        settings(row),
        RefSelectionColumn.parse(row.getString("shown_refs")),
        row.getInt("attempts"),
        row.getInt("vain_attempts"),
        number(row, "given_up_head"),
        row.getTimestamp("next_attempt_at").toInstant(),
        failure(row),
        row.getTimestamp("created_at").toInstant());
  }

  private static ReplicaSettings settings(ResultSet row) throws SQLException {
    return new ReplicaSettings(
        RetentionColumn.parse(row.getString("retention")),
        RefSelectionColumn.parse(row.getString("refs")),
        row.getInt("priority"),
        limit(row));
  }

  static Optional<DataSize> limit(ResultSet row) throws SQLException {
    long bytes = row.getLong("bandwidth_limit");
    return row.wasNull() ? Optional.empty() : Optional.of(new DataSize(bytes));
  }

  private static OptionalLong number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static Optional<ReplicaFailure> failure(ResultSet row) throws SQLException {
    String code = row.getString("error_code");
    if (code == null) {
      return Optional.empty();
    }
    return Optional.of(
        new ReplicaFailure(
            code,
            row.getString("error_message"),
            Optional.ofNullable(row.getString("error_file")),
            row.getTimestamp("failed_since").toInstant(),
            row.getBoolean("needs_person")));
  }
}
