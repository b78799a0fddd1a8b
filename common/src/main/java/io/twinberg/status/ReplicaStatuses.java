package io.twinberg.status;

import io.twinberg.database.Database;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/** The statuses of the replicas of one database; two statements a page. */
public final class ReplicaStatuses {
  /** No page is longer. */
  public static final int MAX_PAGE_SIZE = 1000;

  private static final String DETAILS =
      """
      select s.*, %s as lag_versions, %s as lag_since,
             c.source_metadata_location as applied_source, c.metadata_location as applied_target,
             c.snapshot_id as applied_snapshot, c.position as applied_position, c.files as applied_files,
             c.bytes as applied_bytes, c.committed_at, c.started_at, c.published_at,
             w.staged_at as group_staged_at
      from %s s
      left join receipt c on c.id = s.receipt_id
      left join staged_publication w on w.replica_id = s.id
      order by s.destination, s.namespace, s.name
      """;

  private final Jdbi jdbi;
  private final Clock clock;
  private final StatedReplicas stated;

  /** The statuses of one database, for sources that are checked at these intervals. */
  public ReplicaStatuses(Database database, Clock clock, CheckIntervals intervals) {
    this.jdbi = database.jdbi();
    this.clock = clock;
    this.stated = new StatedReplicas(intervals);
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
    // One more than asked for tells whether there is another page.
    List<StatusKeys.Found> found = found(new StatusKeys(list, after), size + 1);
    List<StatusKeys.Found> shown = found.subList(0, Math.min(size, found.size()));
    Map<String, ReplicaStatus> replicas = new HashMap<>();
    details(shown).forEach(replica -> replicas.put(replica.replicaId(), replica));
    return new StatusPage(
        // One that went between the two queries is left out.
        shown.stream().map(one -> replicas.get(one.id())).filter(Objects::nonNull).toList(),
        found.size() > size ? Optional.of(shown.get(size - 1).cursor()) : Optional.empty());
  }

  private List<StatusKeys.Found> found(StatusKeys keys, int limit) {
    Instant now = clock.instant();
    Conditions where = Conditions.of(keys.list().filter(), now);
    String sql = keys.sql(stated.sql(where.rows()), where);
    return jdbi.withHandle(
        handle -> {
          Query query = stated.bind(handle.createQuery(sql), now).bind("limit", limit);
          return where.bind(keys.bind(query)).map((row, context) -> keys.found(row)).list();
        });
  }

  private List<ReplicaStatus> details(List<StatusKeys.Found> shown) {
    if (shown.isEmpty()) {
      return List.of();
    }
    List<String> ids = shown.stream().map(StatusKeys.Found::id).toList();
    return details("where r.id in (<ids>)", query -> query.bindList("ids", ids));
  }

  /** All replicas of the tables that have or had a name at a source. */
  public List<ReplicaStatus> ofTable(String source, TableIdentifier table) {
    Conditions where = Conditions.ofTable(source, table);
    return details(where.rows(), where::bind);
  }

  private List<ReplicaStatus> details(String where, UnaryOperator<Query> bound) {
    Instant now = clock.instant();
    String sql =
        DETAILS.formatted(StatedReplicas.VERSIONS, StatedReplicas.OLDEST, stated.sql(where));
    return jdbi.withHandle(
        handle ->
            bound
                .apply(stated.bind(handle.createQuery(sql), now))
                .map(new StatusMapper(now))
                .list());
  }

  /** How many replicas stand in each state; states without any are there with 0. */
  public Map<ReplicaState, Long> counts(StatusFilter filter) {
    Instant now = clock.instant();
    Conditions where = Conditions.of(filter, now);
    String sql =
        "select s.state, count(*) as replicas from %s s %s group by s.state"
            .formatted(stated.sql(where.rows()), where.states());
    Map<ReplicaState, Long> counts = new EnumMap<>(ReplicaState.class);
    for (ReplicaState state : ReplicaState.values()) {
      counts.put(state, 0L);
    }
    jdbi.useHandle(
        handle ->
            where
                .bind(stated.bind(handle.createQuery(sql), now))
                .map((row, context) -> Map.entry(row.getString("state"), row.getLong("replicas")))
                .forEach(row -> counts.put(ReplicaState.valueOf(row.getKey()), row.getValue())));
    return counts;
  }
}
