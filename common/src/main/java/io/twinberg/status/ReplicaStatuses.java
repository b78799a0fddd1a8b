package io.twinberg.status;

import io.twinberg.database.Database;
import io.twinberg.database.NamespaceColumn;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/** The statuses of the replicas of one database; one statement a question. */
public final class ReplicaStatuses {
  /** No page is longer. */
  public static final int MAX_PAGE_SIZE = 1000;

  // The page is cut before the versions are counted, so that only its own tables' chains are read.
  private static final String PAGE =
      """
      select s.*, %s as lag_versions, %s as lag_since,
             c.source_metadata_location as applied_source, c.metadata_location as applied_target,
             c.snapshot_id as applied_snapshot, c.position as applied_position, c.published_at,
             w.staged_at as group_staged_at
      from (select * from %s stated %s order by destination, namespace, name limit :limit) s
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
   * Up to {@code size} replicas behind a cursor.
   *
   * @throws IllegalArgumentException when the size is not from 1 to {@link #MAX_PAGE_SIZE}
   */
  public StatusPage page(StatusFilter filter, Optional<StatusCursor> after, int size) {
    if (size < 1 || size > MAX_PAGE_SIZE) {
      throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE_SIZE + " replicas");
    }
    Conditions where = Conditions.of(filter);
    after.ifPresent(where::behind);
    // One more than asked for tells whether there is another page.
    List<ReplicaStatus> found = list(where, size + 1);
    if (found.size() <= size) {
      return new StatusPage(found, Optional.empty());
    }
    List<ReplicaStatus> shown = found.subList(0, size);
    return new StatusPage(shown, Optional.of(StatusCursor.after(shown.get(size - 1))));
  }

  /** All replicas of the tables that have or had a name at a source. */
  public List<ReplicaStatus> ofTable(String source, TableIdentifier table) {
    Conditions where =
        new Conditions()
            .equal("source", source)
            .equal("table_namespace", NamespaceColumn.of(table.namespace()))
            .equal("table_name", table.name());
    return list(where, MAX_PAGE_SIZE);
  }

  private List<ReplicaStatus> list(Conditions where, int limit) {
    Instant now = clock.instant();
    String sql =
        PAGE.formatted(StatedReplicas.VERSIONS, StatedReplicas.OLDEST, stated.sql(), where.sql());
    return jdbi.withHandle(
        handle -> {
          Query query = stated.bind(handle.createQuery(sql), now).bind("limit", limit);
          return where.bind(query).map(new StatusMapper(now)).list();
        });
  }

  /** How many replicas stand in each state; states without any are there with 0. */
  public Map<ReplicaState, Long> counts(StatusFilter filter) {
    Conditions where = Conditions.of(filter);
    String sql =
        "select state, count(*) as replicas from %s stated %s group by state"
            .formatted(stated.sql(), where.sql());
    Map<ReplicaState, Long> counts = new EnumMap<>(ReplicaState.class);
    for (ReplicaState state : ReplicaState.values()) {
      counts.put(state, 0L);
    }
    jdbi.useHandle(
        handle ->
            where
                .bind(stated.bind(handle.createQuery(sql), clock.instant()))
                .map((row, context) -> Map.entry(row.getString("state"), row.getLong("replicas")))
                .forEach(row -> counts.put(ReplicaState.valueOf(row.getKey()), row.getValue())));
    return counts;
  }
}
