package io.twinberg.status;

import io.twinberg.database.Database;
import io.twinberg.database.EntryHash;
import io.twinberg.database.NamespaceColumn;
import io.twinberg.replica.ProgressRows;
import io.twinberg.replica.ReplicaProgress;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/** The statuses of the replicas of one database. */
public final class ReplicaStatuses {
  /** No page is longer. */
  public static final int MAX_PAGE_SIZE = 1000;

  /**
   * Replicas with given ids and their tables. It begins with the ids: H2 would compare a list with
   * each row, and PostgreSQL read all tables.
   */
  private static final String OF_IDS =
      """
      from unnest(:ids) as wanted(id)
      left join replica r on r.id = wanted.id
      left join source_table t on t.id = r.table_id
      """;

  /** Tables and their replicas: of an inner join, H2 would begin with all replicas. */
  private static final String OF_NAME =
      "from source_table t left join replica r on r.table_id = t.id";

  private static final String DETAILS =
      """
      select r.*, t.namespace as table_namespace, t.name as table_name, t.head_position, t.checked_at,
             t.unchanged_checks, %s,
             c.source_metadata_location as applied_source, c.metadata_location as applied_target,
             c.snapshot_id as applied_snapshot, c.position as applied_position, c.files as applied_files,
             c.bytes as applied_bytes, c.committed_at, c.started_at, c.published_at,
             w.staged_at as group_staged_at
      %s
      left join receipt c on c.id = r.receipt_id
      left join staged_publication w on w.replica_id = r.id
      %s
      order by r.destination, r.namespace, r.name
      """;

  private final Jdbi jdbi;
  private final Clock clock;
  private final ReplicaReadings readings;
  private final CheckIntervals intervals;
  private final ProgressRows progress;

  /**
   * The statuses of one database, for sources that are checked at these intervals.
   *
   * @param readings of the same database
   */
  public ReplicaStatuses(
      Database database, Clock clock, CheckIntervals intervals, ReplicaReadings readings) {
    this.jdbi = database.jdbi();
    this.clock = clock;
    this.readings = readings;
    this.intervals = intervals;
    this.progress = new ProgressRows(database);
  }

  /**
   * Up to {@code size} replicas of a list behind a cursor.
   *
   * @throws IllegalArgumentException when the size is not from 1 to {@link #MAX_PAGE_SIZE}, or the
   *     cursor is none of this list
   */
  public StatusPage page(StatusList list, Optional<StatusCursor> after, int size) {
    if (size < 1 || size > MAX_PAGE_SIZE) {
      throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE_SIZE + " replicas");
    }
    ReplicaReading reading = readings.now();
    List<ListedReplica> listed =
        reading.replicas().stream().filter(list.filter().at(clock.instant())).toList();
    // One more than asked for tells whether there is another page.
    List<ListedReplica> found =
        listed.stream()
            .filter(after.map(list::behind).orElse(replica -> true))
            .sorted(list.order())
            .limit(size + 1L)
            .toList();
    List<ListedReplica> shown = found.subList(0, Math.min(size, found.size()));
    return new StatusPage(
        ReplicaSums.counts(listed),
        reading.at(),
        details(shown),
        found.size() > size ? Optional.of(list.cursor(shown.get(size - 1))) : Optional.empty());
  }

  /** In the order in which they are listed; one that went since they were read is left out. */
  private List<ReplicaStatus> details(List<ListedReplica> shown) {
    List<String> ids = shown.stream().map(ListedReplica::id).toList();
    Map<String, ReplicaStatus> replicas = new HashMap<>();
    details(OF_IDS, "where r.id is not null", query -> query.bindArray("ids", String.class, ids))
        .forEach(replica -> replicas.put(replica.replicaId(), replica));
    return ids.stream().map(replicas::get).filter(Objects::nonNull).toList();
  }

  /** All replicas of the tables that have or had a name at a source. */
  public List<ReplicaStatus> ofTable(String source, TableIdentifier table) {
    return details(
        OF_NAME,
        """
        where t.source = :source and t.entry_hash = :hash and t.namespace = :namespace and t.name = :name
          and r.id is not null
        """,
        query ->
            query
                .bind("source", source)
                .bind("hash", EntryHash.of(table))
                .bind("namespace", NamespaceColumn.of(table.namespace()))
                .bind("name", table.name()));
  }

  private List<ReplicaStatus> details(String from, String where, UnaryOperator<Query> bound) {
    Instant now = clock.instant();
    String sql = DETAILS.formatted(ReplicaWork.COLUMNS, from, where);
    StatusMapper mapper = new StatusMapper(now, new ReplicaStates(intervals, now));
    List<ReplicaStatus> found =
        jdbi.withHandle(handle -> bound.apply(handle.createQuery(sql)).map(mapper).list());
    return withProgress(found);
  }

  private List<ReplicaStatus> withProgress(List<ReplicaStatus> replicas) {
    List<String> copying =
        replicas.stream()
            .filter(replica -> replica.state() == ReplicaState.COPYING)
            .map(ReplicaStatus::replicaId)
            .toList();
    Map<String, ReplicaProgress> reached = progress.of(copying);
    return replicas.stream()
        .map(
            replica ->
                reached.containsKey(replica.replicaId())
                    ? replica.with(reached.get(replica.replicaId()))
                    : replica)
        .toList();
  }
}
