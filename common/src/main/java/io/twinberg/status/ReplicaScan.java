package io.twinberg.status;

import io.twinberg.replica.ErrorCode;
import io.twinberg.replica.ReplicaLifecycle;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
  // What holds for most rows is null, for which drivers take no time.
  private static final String TABLES =
      """
      select id, source, namespace, name, nullif(lifecycle <> 'ACTIVE' or kind <> 'TABLE', false), head_position,
             checked_at, unchanged_checks
      from source_table
      """;

  // Read by the columns' places: their names would be looked up twenty thousand times.
  private static final String REPLICAS =
      """
      select r.id, r.table_id, r.destination, r.namespace, r.name, nullif(r.lifecycle, 'ACTIVE'),
             nullif(r.paused, false), r.error_code, nullif(r.needs_person, false), r.position,
             nullif(r.metadata_location is null, false), nullif(r.history_through is not null, false), r.applied_micros
      from replica r
      """;

  // H2 would take as long again to look up the rows that were just read.
  private static final String WORK =
      """
      select r.id, %s
      from unnest(:ids, :tables, :positions, :heads) as r(id, table_id, position, head_position)
      """
          .formatted(ReplicaWork.COLUMNS);

  /** A replica as if nobody were at it and no version waited, and what that hangs on. */
  private record Row(long table, ListedReplica replica, ReplicaStanding standing) {
    /** Whether there may be more to say of it than its rows do. */
    private boolean works() {
      return standing.behind() || replica.state() == ReplicaState.PENDING;
    }
  }

  private final Handle handle;
  private final ReplicaStates states;
  private final List<ListedReplica> replicas = new ArrayList<>();

  /** Those of which more is to be read, by their places among all. */
  private final Map<Integer, Row> waiting = new LinkedHashMap<>();

  /** A scan that is made once. */
  ReplicaScan(Handle handle, ReplicaStates states) {
    this.handle = handle;
    this.states = states;
  }

  /** Everything as it stands. */
  ReplicaReading read(Instant now) {
    Map<Long, ListedTable> tables = tables();
    addReplicas(tables);
    addWork();
    return new ReplicaReading(
        now, TableSums.bySource(tables.values()), Collections.unmodifiableList(replicas));
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
        !row.getBoolean(5),
        row.getLong(6),
        Optional.ofNullable(row.getTimestamp(7)).map(Timestamp::toInstant),
        row.getInt(8));
  }

  /** Without replicas of tables that came after the tables were read. */
  private void addReplicas(Map<Long, ListedTable> tables) {
    handle
        .createQuery(REPLICAS)
        .map((row, context) -> row(row, tables.get(row.getLong(2))))
        .forEach(row -> row.ifPresent(this::add));
  }

  private void add(Row row) {
    if (row.works()) {
      waiting.put(replicas.size(), row);
    }
    replicas.add(row.replica());
  }

  private Optional<Row> row(ResultSet row, @Nullable ListedTable table) throws SQLException {
    if (table == null) {
      return Optional.empty();
    }
    Optional<ErrorCode> error = Optional.ofNullable(row.getString(8)).map(ErrorCode::ofWord);
    ReplicaStanding standing =
        new ReplicaStanding(
            lifecycle(row.getString(6)),
            error.isPresent(),
            !row.getBoolean(11),
            row.getBoolean(12),
            row.getLong(10),
            table.head(),
            table.checkedAt(),
            table.unchangedChecks());
    ListedReplica replica =
        new ListedReplica(
            row.getString(1),
            table.source(),
            row.getString(3),
            row.getString(4),
            row.getString(5),
            table.namespace(),
            table.name(),
            standing.lifecycle(),
            row.getBoolean(7),
            error,
            error.isPresent() && row.getBoolean(9),
            states.of(standing, false),
            0,
            Optional.empty(),
            appliedAt(row));
    return Optional.of(new Row(table.id(), replica, standing));
  }

  private void addWork() {
    if (!waiting.isEmpty()) {
      Map<String, ReplicaWork> work = work(waiting.values());
      waiting.forEach(
          (place, row) -> replicas.set(place, listed(row, work.get(row.replica().id()))));
    }
  }

  private Map<String, ReplicaWork> work(Collection<Row> rows) {
    Map<String, ReplicaWork> work = new HashMap<>();
    handle
        .createQuery(WORK)
        .bindArray("ids", String.class, rows.stream().map(row -> row.replica().id()).toList())
        .bindArray("tables", Long.class, rows.stream().map(Row::table).toList())
        .bindArray(
            "positions", Long.class, rows.stream().map(row -> row.standing().position()).toList())
        .bindArray(
            "heads", Long.class, rows.stream().map(row -> row.standing().tableHead()).toList())
        .map((row, context) -> Map.entry(row.getString("id"), ReplicaWork.of(row)))
        .forEach(one -> work.put(one.getKey(), one.getValue()));
    return work;
  }

  private ListedReplica listed(Row row, ReplicaWork left) {
    return row.replica().with(states.of(row.standing(), left.held()), left.of(row.standing()));
  }

  private static ReplicaLifecycle lifecycle(@Nullable String other) {
    return other == null ? ReplicaLifecycle.ACTIVE : ReplicaLifecycle.valueOf(other);
  }

  private static Optional<Instant> appliedAt(ResultSet row) throws SQLException {
    long micros = row.getLong(13);
    return row.wasNull()
        ? Optional.empty()
        : Optional.of(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }
}
