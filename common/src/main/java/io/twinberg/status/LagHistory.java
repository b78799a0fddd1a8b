package io.twinberg.status;

import io.twinberg.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * How soon versions became readable over the last day, minute by minute: those of each source, and
 * those at each destination. It is added up in memory from receipts as they come, each read once by
 * the index of their times: counters in the database would let all lanes of a destination wait for
 * one row. After a start the receipts of a day are read once; with a {@code log-retention} below a
 * day there are fewer.
 *
 * <p>What was committed before its replica began is a backfill, and what is published again has
 * been readable before: neither counts.
 */
public final class LagHistory {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration READ_EVERY = Duration.ofSeconds(5);

  private static final Duration SLICE = Duration.ofMinutes(15);

  /** A receipt is written at the end of its transaction; by then every reader sees it. */
  private static final Duration SETTLED = Duration.ofSeconds(10);

  // A left join, though each receipt has its replica: of an inner one H2 begins with the replicas,
  // all of them.
  private static final String RECEIPTS =
      """
      select r.source, r.destination, c.committed_at, c.published_at, c.files, c.bytes
      from receipt c left join replica r on r.id = c.replica_id
      where c.published_at >= :from and c.published_at < :to and c.committed_at >= r.created_at
        and not exists (select 1 from receipt p where p.replica_id = c.replica_id
                        and p.generation = c.generation - 1 and p.position = c.position)
      """;

  private record Published(
      String source, String destination, Instant committedAt, Instant at, long files, long bytes) {
    private Duration lag() {
      return Duration.between(committedAt, at);
    }
  }

  private final Jdbi jdbi;
  private final Clock clock;
  private final Map<String, Duration> objectives;
  private final LagMinutes ofSources = new LagMinutes();
  private final LagMinutes atDestinations = new LagMinutes();
  private final Map<String, Long> late = new HashMap<>();
  private final Instant begun;
  private Instant readUntil = Instant.MIN;

  /**
   * The history of one database.
   *
   * @param objectives of the destinations that have one
   */
  public LagHistory(Database database, Clock clock, Map<String, Duration> objectives) {
    this.jdbi = database.jdbi();
    this.clock = clock;
    this.begun = clock.instant();
    this.objectives = Map.copyOf(objectives);
  }

  /** How soon versions should be readable at a destination. */
  public Optional<Duration> objective(String destination) {
    return Optional.ofNullable(objectives.get(destination));
  }

  /** The figures of a destination since a while ago, a day at most. */
  public synchronized LagFigures atDestination(String destination, Duration window) {
    return last(atDestinations, destination, window);
  }

  /**
   * The figures of what was committed at a source, since a while ago, a day at most. A version
   * counts once for each destination that it became readable at, and is held against that one's
   * objective.
   */
  public synchronized LagFigures ofSource(String source, Duration window) {
    return last(ofSources, source, window);
  }

  /**
   * How many versions became readable later than the objectives of their destinations since this
   * history began; those without any are absent. It only grows, unlike the figures of a window.
   */
  public synchronized Map<String, Long> late() {
    read(clock.instant());
    return Map.copyOf(late);
  }

  private LagFigures last(LagMinutes minutes, String catalog, Duration window) {
    Instant now = clock.instant();
    read(now);
    return minutes.since(catalog, now.minus(window));
  }

  private void read(Instant now) {
    Instant to = now.minus(SETTLED);
    Instant from = readUntil.isBefore(now.minus(DAY)) ? now.minus(DAY) : readUntil;
    if (to.isBefore(from.plus(READ_EVERY))) {
      return;
    }
    // After a start a day is to be read: a slice at a time, since all of it might not fit.
    for (Instant next = from; next.isBefore(to); next = readUntil) {
      Instant end = next.plus(SLICE);
      read(next, end.isBefore(to) ? end : to);
    }
    ofSources.forget(now.minus(DAY));
    atDestinations.forget(now.minus(DAY));
  }

  private void read(Instant from, Instant to) {
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(RECEIPTS)
                .bind("from", from)
                .bind("to", to)
                .map((row, context) -> published(row))
                .list()
                .forEach(this::count));
    readUntil = to;
  }

  private static Published published(ResultSet row) throws SQLException {
    return new Published(
        row.getString("source"),
        row.getString("destination"),
        row.getTimestamp("committed_at").toInstant(),
        row.getTimestamp("published_at").toInstant(),
        row.getLong("files"),
        row.getLong("bytes"));
  }

  private void count(Published one) {
    count(ofSources.at(one.source(), one.at()), one);
    count(atDestinations.at(one.destination(), one.at()), one);
    if (!one.at().isBefore(begun) && isLate(one)) {
      late.merge(one.destination(), 1L, Long::sum);
    }
  }

  private boolean isLate(Published one) {
    return objective(one.destination())
        .filter(longest -> one.lag().compareTo(longest) > 0)
        .isPresent();
  }

  private void count(LagCounts counts, Published one) {
    counts.add(one.lag(), objective(one.destination()), one.files(), one.bytes());
  }
}
