package io.twinberg.operation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** Reads the row of an operation. */
final class OperationMapper implements RowMapper<Operation> {
  @Override
  public Operation map(ResultSet row, StatementContext context) throws SQLException {
    return new Operation(
        row.getString("id"),
        RequestColumns.request(
            row.getString("kind"), row.getString("target"), row.getString("options")),
        OperationState.valueOf(row.getString("state")),
        row.getString("requested_by"),
        row.getTimestamp("requested_at").toInstant(),
        instant(row, "started_at"),
        instant(row, "finished_at"),
        row.getInt("attempts"),
        Optional.ofNullable(row.getString("progress")),
        Optional.ofNullable(row.getString("summary")),
        Optional.ofNullable(row.getString("result")));
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }
}
