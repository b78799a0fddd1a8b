package io.twinberg.status;

import io.twinberg.database.Database;
import io.twinberg.database.NamespaceColumn;
import io.twinberg.replica.ErrorCode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Jdbi;

/** What the database knows of whole sources and destinations. */
public final class CatalogStatuses {
  private static final int MAX_NAMES = 10_000;

  private record Row(
      String destination,
      ReplicaState state,
      long replicas,
      long versions,
      Optional<Instant> oldest) {}

  private final Jdbi jdbi;
  private final Clock clock;
  private final StatedReplicas stated;

  /** The facts of one database, for sources that are checked at these intervals. */
  public CatalogStatuses(Database database, Clock clock, CheckIntervals intervals) {
    this.jdbi = database.jdbi();
    this.clock = clock;
    this.stated = new StatedReplicas(intervals);
  }

  /**
   * The sources that have a row, in the order of their names. The open intents are counted state by
   * state, since H2 does not look up a list in the middle of an index.
   */
  public List<SourceFacts> sources() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select s.name, coalesce(t.tables, 0) as tables, coalesce(t.unchecked, 0) as unchecked,
                           t.oldest,
                           (select count(*) from intent where source = s.name and state = 'PENDING')
                             + (select count(*) from intent where source = s.name and state = 'COMMITTED')
                             + (select count(*) from intent where source = s.name and state = 'UNKNOWN') as intents
                    from source s
                    left join (select source, count(*) as tables, min(checked_at) as oldest,
                                      sum(case when checked_at is null then 1 else 0 end) as unchecked
                               from source_table where lifecycle = 'ACTIVE' and kind = 'TABLE' group by source) t on t.source = s.name
                    order by s.name
                    """)
                .map((row, context) -> source(row))
                .list());
  }

  private static SourceFacts source(ResultSet row) throws SQLException {
    return new SourceFacts(
        row.getString("name"),
        row.getLong("tables"),
        row.getLong("unchecked"),
        Optional.ofNullable(row.getTimestamp("oldest")).map(Timestamp::toInstant),
        row.getLong("intents"));
  }

  /**
   * The destinations that have a replica, in the order of their names. What is archived or dropped
   * at the source never catches up, so it adds nothing to the lag.
   */
  public List<DestinationFacts> destinations() {
    String sql =
        """
        select destination, state, count(*) as replicas, sum(versions) as versions, min(since) as oldest
        from (select s.destination, s.state, case when s.lifecycle = 'ACTIVE' then %s else 0 end as versions,
                     case when s.lifecycle = 'ACTIVE' then %s end as since
              from %s s) lags
        group by destination, state
        """
            .formatted(StatedReplicas.VERSIONS, StatedReplicas.OLDEST, stated.sql(""));
    Instant now = clock.instant();
    List<Row> rows =
        jdbi.withHandle(
            handle ->
                stated.bind(handle.createQuery(sql), now).map((row, context) -> row(row)).list());
    Map<String, DestinationFacts> facts = new TreeMap<>();
    rows.forEach(row -> facts.merge(row.destination(), facts(row, now), CatalogStatuses::sum));
    Map<String, Long> splits = splits();
    facts.replaceAll((name, all) -> all.withGroupsSplit(splits.getOrDefault(name, 0L)));
    return List.copyOf(facts.values());
  }

  private Map<String, Long> splits() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select destination, count(*) as splits from destination_group
                    where split_at is not null group by destination
                    """)
                .map(
                    (row, context) ->
                        Map.entry(row.getString("destination"), row.getLong("splits")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString("destination"),
        ReplicaState.valueOf(row.getString("state")),
        row.getLong("replicas"),
        row.getLong("versions"),
        Optional.ofNullable(row.getTimestamp("oldest")).map(Timestamp::toInstant));
  }

  private static DestinationFacts facts(Row row, Instant now) {
    Duration lag =
        row.oldest()
            .filter(now::isAfter)
            .map(at -> Duration.between(at, now))
            .orElse(Duration.ZERO);
    return new DestinationFacts(
        row.destination(), Map.of(row.state(), row.replicas()), lag, row.versions(), 0);
  }

  private static DestinationFacts sum(DestinationFacts one, DestinationFacts other) {
    Map<ReplicaState, Long> replicas = new EnumMap<>(one.replicas());
    other.replicas().forEach((state, count) -> replicas.merge(state, count, Long::sum));
    Duration lag = one.maxLag().compareTo(other.maxLag()) > 0 ? one.maxLag() : other.maxLag();
    long versions = one.pendingVersions() + other.pendingVersions();
    return new DestinationFacts(one.destination(), replicas, lag, versions, 0);
  }

  /** How many replicas somebody has to look after, each destination and reason. */
  public List<Trouble> troubles() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select destination, error_code, paused, needs_person, count(*) as replicas from replica
                    where error_code is not null or paused
                    group by destination, error_code, paused, needs_person
                    """)
                .map(
                    (row, context) ->
                        new Trouble(
                            row.getString("destination"),
                            Optional.ofNullable(row.getString("error_code")).map(ErrorCode::ofWord),
                            row.getBoolean("paused"),
                            row.getBoolean("needs_person"),
                            row.getLong("replicas")))
                .list());
  }

  /** When the commit was opened whose outcome has been unknown for longest. */
  public Optional<Instant> oldestUnknownIntent() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select (select min(opened_at) from intent where source = s.name and state = 'UNKNOWN') as opened
                    from source s
                    """)
                .map((row, context) -> Optional.ofNullable(row.getTimestamp("opened")))
                .stream()
                .flatMap(Optional::stream)
                .map(Timestamp::toInstant)
                .min(Instant::compareTo));
  }

  /** How many gaps the log has. */
  public long gaps() {
    return jdbi.withHandle(
        handle -> handle.createQuery("select count(*) from gap").mapTo(Long.class).one());
  }

  /** Whether a source has or had a table of a name. */
  public boolean knows(String source, TableIdentifier table) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select id from source_table
                    where source = :source and namespace = :namespace and name = :name limit 1
                    """)
                .bind("source", source)
                .bind("namespace", NamespaceColumn.of(table.namespace()))
                .bind("name", table.name())
                .mapTo(Long.class)
                .findOne()
                .isPresent());
  }

  /** The names of a source's active tables, up to some ten thousand. */
  public List<TableIdentifier> tables(String source) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select namespace, name from source_table
                    where source = :source and lifecycle = 'ACTIVE' order by namespace, name limit :limit
                    """)
                .bind("source", source)
                .bind("limit", MAX_NAMES)
                .map(
                    (row, context) ->
                        TableIdentifier.of(
                            NamespaceColumn.parse(row.getString("namespace")),
                            row.getString("name")))
                .list());
  }
}
