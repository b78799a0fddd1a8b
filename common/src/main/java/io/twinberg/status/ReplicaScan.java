package io.twinberg.status;

import io.twinberg.replica.ErrorCode;
import io.twinberg.replica.ReplicaLifecycle;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Reads all tables, all replicas, and what is left to do for the few of them that wait. Joined
 * here, since a database takes twice as long to find the table of each.
 */
final class ReplicaScan {
  private static final String TABLES =
      """
      select id, source, namespace, name, lifecycle = 'ACTIVE' and kind = 'TABLE', head_position, checked_at,
             unchanged_checks
      from source_table
      """;

  // Read by the columns' places: their names would be looked up twenty thousand times.
  private static final String REPLICAS =
      """
      select r.id, r.table_id, r.source, r.destination, r.namespace, r.name, r.lifecycle, r.paused, r.error_code,
             r.needs_person, r.position, r.metadata_location is not null, r.history_through is not null, r.applied_at
      from replica r
      """;

  // H2 would take as long again to look up the rows that were just read.
  private static final String WORK =
      """
      select r.id, %s
      from unnest(:ids, :tables, :positions, :heads) as r(id, table_id, position, head_position)
      """
          .formatted(ReplicaWork.COLUMNS);

  private final Handle handle;
  private final ReplicaStates states;

  ReplicaScan(Handle handle, ReplicaStates states) {
    this.handle = handle;
    this.states = states;
  }

  /** Everything as it stands. */
  ReplicaReading read(Instant now) {
    Map<Long, ListedTable> tables = tables();
    List<Row> rows = rows(tables);
    Map<String, ReplicaWork> work = work(rows);
    return new ReplicaReading(
        now,
        TableSums.bySource(tables.values()),
        rows.stream()
            .map(row -> listed(row, Optional.ofNullable(work.get(row.replica().id()))))
            .toList());
  }

  /** A replica as if nobody were at it and no version waited, and what that hangs on. */
  private record Row(long table, ListedReplica replica, ReplicaStanding standing) {
    /** Whether there may be more to say of it than its rows do. */
    private boolean works() {
      return standing.behind() || replica.state() == ReplicaState.PENDING;
    }
  }

  private Map<Long, ListedTable> tables() {
    Map<Long, ListedTable> tables = new HashMap<>();
    handle
        .createQuery(TABLES)
        .map((row, context) -> table(row))
        .forEach(table -> tables.put(table.id(), table));
    return tables;
  }

  private static ListedTable table(ResultSet row) throws SQLException {
    return new ListedTable(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getBoolean(5),
        row.getLong(6),
        instant(row, 7),
        row.getInt(8));
  }

  /** Without replicas of tables that came after the tables were read. */
  private List<Row> rows(Map<Long, ListedTable> tables) {
    return handle
        .createQuery(REPLICAS)
        .map((row, context) -> row(row, tables.get(row.getLong(2))))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<Row> row(ResultSet row, @Nullable ListedTable table) throws SQLException {
    if (table == null) {
      return Optional.empty();
    }
    Optional<ErrorCode> error = Optional.ofNullable(row.getString(9)).map(ErrorCode::ofWord);
    ReplicaStanding standing =
        new ReplicaStanding(
            ReplicaLifecycle.valueOf(row.getString(7)),
            error.isPresent(),
            row.getBoolean(12),
            row.getBoolean(13),
            row.getLong(11),
            table.head(),
            table.checkedAt(),
            table.unchangedChecks());
    ListedReplica replica =
        new ListedReplica(
            row.getString(1),
            row.getString(3),
            row.getString(4),
            row.getString(5),
            row.getString(6),
            table.namespace(),
            table.name(),
            standing.lifecycle(),
            row.getBoolean(8),
            error,
            error.isPresent() && row.getBoolean(10),
            states.of(standing, false),
            0,
            Optional.empty(),
            instant(row, 14));
    return Optional.of(new Row(table.id(), replica, standing));
  }

  private Map<String, ReplicaWork> work(List<Row> rows) {
    List<Row> waiting = rows.stream().filter(Row::works).toList();
    if (waiting.isEmpty()) {
      return Map.of();
    }
    Map<String, ReplicaWork> work = new HashMap<>();
    handle
        .createQuery(WORK)
        .bindArray("ids", String.class, waiting.stream().map(row -> row.replica().id()).toList())
        .bindArray("tables", Long.class, waiting.stream().map(Row::table).toList())
        .bindArray(
            "positions",
            Long.class,
            waiting.stream().map(row -> row.standing().position()).toList())
        .bindArray(
            "heads", Long.class, waiting.stream().map(row -> row.standing().tableHead()).toList())
        .map((row, context) -> Map.entry(row.getString("id"), ReplicaWork.of(row)))
        .forEach(one -> work.put(one.getKey(), one.getValue()));
    return work;
  }

  private ListedReplica listed(Row row, Optional<ReplicaWork> work) {
    return work.map(
            left ->
                row.replica().with(states.of(row.standing(), left.held()), left.of(row.standing())))
        .orElse(row.replica());
  }

  private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }
}
