package io.twinberg.prune;

import io.twinberg.database.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes rows of the log that are older than its retention and that nobody needs any more, a batch
 * at a time, each in a short transaction of its own.
 *
 * <p>A round walks once over what is old; from time to time another one begins. It belongs into the
 * thread that reconciles the source: who makes replicas is then the one who removes versions, and a
 * new replica cannot begin with a version that is being removed.
 */
public final class Pruner implements Pruning {
  private static final Logger LOG = LoggerFactory.getLogger(Pruner.class);

  /** How many rows are looked at in one step. */
  static final int BATCH = 200;

  private static final int ROUNDS_PER_RETENTION = 10;
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /** A process that is only slow must not be taken for dead because its row is gone. */
  private static final Duration LONG_DEAD = Duration.ofHours(1);

  private static final List<OldRows> KINDS =
      List.of(OldRows.INTENTS, OldRows.VERSIONS, OldRows.GROUPS, OldRows.RECEIPTS, OldRows.GAPS);

  private final String source;
  private final Jdbi jdbi;
  private final LeftBehind leftBehind;
  private final Clock clock;
  private final Duration retention;
  private final Queue<OldRows> left = new ArrayDeque<>();
  private Instant nextRound = Instant.MIN;
  private Instant before = Instant.MIN;
  private long after;

  /** A row of a page. */
  private record Row(long number, boolean old, boolean free) {}

  /**
   * A pruner of one source's versions, and of what all sources share.
   *
   * @param retention how long what is done stays
   */
  public Pruner(String source, Database database, Clock clock, Duration retention) {
    this.source = source;
    this.jdbi = database.jdbi();
    this.leftBehind = new LeftBehind(source);
    this.clock = clock;
    this.retention = retention;
  }

  @Override
  public boolean step() {
    if (left.isEmpty() && !begins()) {
      return false;
    }
    try {
      OldRows kind = left.element();
      if (!batch(kind)) {
        left.remove();
        after = Long.MIN_VALUE;
      }
    } catch (RuntimeException e) {
      // Nothing waits for it: the next round comes to what is left.
      LOG.warn("old rows of the log not removed source={}: {}", source, e.toString());
      left.clear();
    }
    return !left.isEmpty();
  }

  private boolean begins() {
    Instant now = clock.instant();
    if (now.isBefore(nextRound)) {
      return false;
    }
    nextRound = now.plus(pause());
    before = now.minus(retention);
    after = Long.MIN_VALUE;
    left.addAll(KINDS);
    removeFew(now);
    return true;
  }

  private Duration pause() {
    Duration pause = retention.dividedBy(ROUNDS_PER_RETENTION);
    pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
  }

  /** Of these there are so few that they need no walk: people, starts and refusals make them. */
  private void removeFew(Instant now) {
    Instant dead = now.minus(retention.compareTo(LONG_DEAD) > 0 ? retention : LONG_DEAD);
    jdbi.useHandle(
        handle -> {
          handle.execute("delete from operation where finished_at < ?", before);
          handle.execute("delete from expiry_hold where asked_at < ?", before);
          handle.execute("delete from process where heartbeat_at < ?", dead);
        });
  }

  /** Whether there may be more behind this batch. */
  private boolean batch(OldRows kind) {
    return jdbi.inTransaction(
        handle -> {
          List<Row> page = page(handle, kind);
          List<Long> free = page.stream().filter(Row::free).map(Row::number).toList();
          if (!free.isEmpty()) {
            if (kind.equals(OldRows.VERSIONS)) {
              leftBehind.record(handle, free, clock.instant());
            }
            kind.removals().forEach(removal -> remove(handle, removal, free));
            LOG.debug("removed {} rows of {} source={}", free.size(), kind.table(), source);
          }
          page.forEach(row -> after = row.number());
          // Numbers follow time, but not to the millisecond: a page without an old row ends it.
          return page.size() == BATCH && page.stream().anyMatch(Row::old);
        });
  }

  private List<Row> page(Handle handle, OldRows kind) {
    Query query = handle.createQuery(kind.page()).bind("after", after).bind("size", BATCH);
    return bind(query, kind)
        .map(
            (row, context) ->
                new Row(row.getLong("number"), row.getBoolean("old"), row.getBoolean("free")))
        .list();
  }

  private void remove(Handle handle, String removal, List<Long> numbers) {
    PreparedBatch batch = handle.prepareBatch(removal);
    for (long number : numbers) {
      batch.bind("number", number);
      if (removal.contains(":before")) {
        batch.bind("before", before);
      }
      if (removal.contains(":source")) {
        batch.bind("source", source);
      }
      batch.add();
    }
    batch.execute();
  }

  private <S extends SqlStatement<S>> S bind(S statement, OldRows kind) {
    S bound = statement.bind("before", before);
    return kind.equals(OldRows.VERSIONS) ? bound.bind("source", source) : bound;
  }
}
