package io.twinberg.prune;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditLog;
import io.twinberg.audit.AuditOutcome;
import io.twinberg.audit.AuditScope;
import io.twinberg.database.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes entries of the audit that are older than its retention, a batch at a time in a short
 * transaction of its own, in which an entry says how many they were. Processes that do so at the
 * same time get in nobody's way.
 */
public final class AuditPruner implements Pruning {
  private static final Logger LOG = LoggerFactory.getLogger(AuditPruner.class);

  static final int BATCH = 500;

  private static final int ROUNDS_PER_RETENTION = 10;

  /** So that not half of what is left are entries about removing. */
  private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

  private final Jdbi jdbi;
  private final Clock clock;
  private final Duration retention;
  private Instant nextRound = Instant.MIN;

  /**
   * A pruner of one database's audit.
   *
   * @param retention how long entries stay
   */
  public AuditPruner(Database database, Clock clock, Duration retention) {
    this.jdbi = database.jdbi();
    this.clock = clock;
    this.retention = retention;
  }

  @Override
  public boolean step() {
    Instant now = clock.instant();
    if (now.isBefore(nextRound)) {
      return false;
    }
    try {
      if (jdbi.inTransaction(handle -> batch(handle, now.minus(retention))) == BATCH) {
        return true;
      }
    } catch (RuntimeException e) {
      // Nothing waits for it: the next round comes to what is left.
      LOG.warn("old entries of the audit not removed: {}", e.toString());
    }
    nextRound = now.plus(pause());
    return false;
  }

  private Duration pause() {
    Duration pause = retention.dividedBy(ROUNDS_PER_RETENTION);
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private int batch(Handle handle, Instant before) {
    List<Long> old =
        handle
            .createQuery(
                """
                select id from audit_entry where recorded_at < :before order by recorded_at, id limit :size
                """)
            .bind("before", before)
            .bind("size", BATCH)
            .mapTo(Long.class)
            .list();
    int removed = old.isEmpty() ? 0 : remove(handle, old);
    if (removed > 0) {
      AuditLog.append(handle, clock.instant(), removed(removed, before));
    }
    return old.size();
  }

  /** One row after the other in the order of time, so that nobody waits for each other. */
  private static int remove(Handle handle, List<Long> ids) {
    PreparedBatch batch = handle.prepareBatch("delete from audit_entry where id = :id");
    ids.forEach(id -> batch.bind("id", id).add());
    return IntStream.of(batch.execute()).sum();
  }

  private static AuditEvent removed(int count, Instant before) {
    return new AuditEvent(
        AuditKind.RETENTION,
        "removed",
        Optional.empty(),
        AuditScope.ANY,
        count == 1 ? "1 entry" : count + " entries",
        AuditOutcome.DONE,
        JsonNodeFactory.instance
            .objectNode()
            .put("entries", count)
            .put("recordedBefore", before.toString()));
  }
}
