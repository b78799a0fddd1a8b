package io.twinberg.status;

import io.twinberg.database.NamespaceColumn;
import io.twinberg.log.EntryKind;
import io.twinberg.replica.PauseScope;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.replica.ReplicaLifecycle;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** Reads the row of a replica's status. */
final class StatusMapper implements RowMapper<ReplicaStatus> {
  private final Instant now;
  private final ReplicaStates states;

  StatusMapper(Instant now, ReplicaStates states) {
    this.now = now;
    this.states = states;
  }

  @Override
  public ReplicaStatus map(ResultSet row, StatementContext context) throws SQLException {
    Optional<ReplicaFailure> failure = failure(row);
    ReplicaStanding standing = standing(row, failure.isPresent());
    ReplicaWork work = ReplicaWork.of(row).of(standing);
    boolean givenUp = failure.isPresent() && givenUp(row, standing);
    return new ReplicaStatus(
        row.getString("id"),
        EntryKind.valueOf(row.getString("kind")),
        row.getString("source"),
        row.getString("destination"),
        name(row, "table_namespace", "table_name"),
        name(row, "namespace", "name"),
        states.of(standing, work.held()),
        Optional.ofNullable(row.getString("paused_by")).map(PauseScope::valueOf),
        standing.lifecycle(),
        standing.checkedAt(),
        lag(work),
        applied(row),
        receipt(row),
        failure,
        row.getInt("attempts"),
        givenUp,
        failure.isPresent() && !givenUp ? instant(row, "next_attempt_at") : Optional.empty(),
        instant(row, "group_staged_at"),
        instant(row, "group_split_at"),
        Optional.empty());
  }

  private static ReplicaStanding standing(ResultSet row, boolean failed) throws SQLException {
    return new ReplicaStanding(
        ReplicaLifecycle.valueOf(row.getString("lifecycle")),
        failed,
        row.getString("metadata_location") != null,
        row.getString("history_through") != null,
        row.getLong("position"),
        row.getLong("head_position"),
        instant(row, "checked_at"),
        row.getInt("unchanged_checks"));
  }

  /** One whose table has a later version by now is about to be tried again. */
  private static boolean givenUp(ResultSet row, ReplicaStanding standing) throws SQLException {
    long head = row.getLong("given_up_head");
    return !row.wasNull() && standing.head() <= head;
  }

  private static TableIdentifier name(ResultSet row, String namespace, String name)
      throws SQLException {
    return TableIdentifier.of(NamespaceColumn.parse(row.getString(namespace)), row.getString(name));
  }

  private ReplicaStatus.Lag lag(ReplicaWork work) {
    return new ReplicaStatus.Lag(
        work.versions(), work.since().map(this::age).orElse(Duration.ZERO));
  }

  /** The source's clock may be ahead of ours. */
  private Duration age(Instant since) {
    Duration age = Duration.between(since, now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  private static Optional<ReplicaStatus.LastApplied> applied(ResultSet row) throws SQLException {
    String target = row.getString("applied_target");
    if (target == null) {
      return Optional.empty();
    }
    return Optional.of(
        new ReplicaStatus.LastApplied(
            row.getString("applied_source"),
            target,
            snapshot(row),
            row.getLong("applied_position"),
            row.getTimestamp("published_at").toInstant()));
  }

  private static Optional<ReplicaStatus.LastReceipt> receipt(ResultSet row) throws SQLException {
    if (row.getString("applied_target") == null) {
      return Optional.empty();
    }
    return Optional.of(
        new ReplicaStatus.LastReceipt(
            row.getLong("receipt_id"),
            row.getLong("applied_position"),
            row.getLong("applied_files"),
            row.getLong("applied_bytes"),
            row.getTimestamp("committed_at").toInstant(),
            row.getTimestamp("started_at").toInstant(),
            row.getTimestamp("published_at").toInstant()));
  }

  private static OptionalLong snapshot(ResultSet row) throws SQLException {
    long id = row.getLong("applied_snapshot");
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(id);
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

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }
}
