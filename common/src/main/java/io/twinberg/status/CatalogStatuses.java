package io.twinberg.status;

import io.twinberg.database.Database;
import io.twinberg.database.NamespaceColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Jdbi;

/** What the database knows of whole sources and destinations. */
public final class CatalogStatuses {
  private static final int MAX_NAMES = 10_000;

  private final Jdbi jdbi;
  private final Clock clock;
  private final ReplicaReadings readings;

  /**
   * The facts of one database.
   *
   * @param readings of the same database
   */
  public CatalogStatuses(Database database, Clock clock, ReplicaReadings readings) {
    this.jdbi = database.jdbi();
    this.clock = clock;
    this.readings = readings;
  }

  /**
   * The sources that have a row, in the order of their names. The open intents are counted state by
   * state, since H2 does not look up a list in the middle of an index.
   */
  public List<SourceFacts> sources() {
    ReplicaReading reading = readings.now();
    Map<String, ReplicaSums> replicas = sums(reading, ListedReplica::source);
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select s.name,
                           (select count(*) from intent where source = s.name and state = 'PENDING')
                             + (select count(*) from intent where source = s.name and state = 'COMMITTED')
                             + (select count(*) from intent where source = s.name and state = 'UNKNOWN') as intents
                    from source s order by s.name
                    """)
                .map((row, context) -> source(row, reading.tables(), replicas))
                .list());
  }

  private static SourceFacts source(
      ResultSet row, Map<String, TableSums> tables, Map<String, ReplicaSums> replicas)
      throws SQLException {
    String name = row.getString("name");
    TableSums sums = tables.getOrDefault(name, TableSums.NONE);
    return new SourceFacts(
        name,
        sums.tables(),
        sums.unchecked(),
        sums.oldestCheck(),
        row.getLong("intents"),
        replicas.getOrDefault(name, ReplicaSums.NONE));
  }

  /** The destinations that have a replica, in the order of their names. */
  public List<DestinationFacts> destinations() {
    Map<String, Long> splits = splits();
    return sums(readings.now(), ListedReplica::destination).entrySet().stream()
        .map(
            sum ->
                new DestinationFacts(
                    sum.getKey(), sum.getValue(), splits.getOrDefault(sum.getKey(), 0L)))
        .toList();
  }

  private Map<String, ReplicaSums> sums(
      ReplicaReading reading, Function<ListedReplica, String> by) {
    Instant now = clock.instant();
    return reading.replicas().stream()
        .collect(
            Collectors.groupingBy(
                by,
                TreeMap::new,
                Collectors.collectingAndThen(
                    Collectors.toList(), replicas -> ReplicaSums.of(replicas, now))));
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

  /** How many replicas somebody has to look after, each destination and reason. */
  public List<Trouble> troubles() {
    return readings.now().replicas().stream()
        .filter(replica -> replica.error().isPresent() || replica.paused())
        .collect(Collectors.groupingBy(CatalogStatuses::trouble, Collectors.counting()))
        .entrySet()
        .stream()
        .map(alike -> alike.getKey().of(alike.getValue()))
        .toList();
  }

  private static Trouble trouble(ListedReplica replica) {
    return new Trouble(
        replica.destination(), replica.error(), replica.paused(), replica.needsPerson(), 1);
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
