package io.twinberg.log;

import static java.util.stream.Collectors.joining;

import io.twinberg.database.Database;
import io.twinberg.database.Gzip;
import io.twinberg.database.NamespaceColumn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The intents of one database: opened and settled by the proxy, explained by the reconciler. */
public final class IntentLog {
  private static final Duration DEBOUNCE = Duration.ofSeconds(2);

  private static final int IDEMPOTENCY_KEY_LENGTH = 255;

  private final Database database;
  private final Jdbi jdbi;
  private final Clock clock;
  private final String processId;

  /** Intents opened here belong to {@code processId}. */
  public IntentLog(Database database, Clock clock, String processId) {
    this.database = database;
    this.jdbi = database.jdbi();
    this.clock = clock;
    this.processId = processId;
  }

  /** Writes an intent; when this returns, it is durable and the commit may be forwarded. */
  public long open(NewIntent intent) {
    return database.inGroupedTransaction(
        handle -> {
          long id = insert(handle, intent);
          insertTargets(handle, id, intent.targets());
          return id;
        });
  }

  private long insert(Handle handle, NewIntent intent) {
    Instant now = clock.instant();
    return handle
        .createUpdate(
            """
            insert into intent (source, reference, process_id, request_id, idempotency_key, kind, state, body,
                                opened_at, checks, next_check_at)
            select name, :reference, :process, :request, :idempotency, :kind, 'PENDING', :body, :now, 0, :now
            from source where name = :source
            """)
        .bind("source", intent.source())
        .bind("reference", intent.reference())
        .bind("process", processId)
        .bind("request", intent.requestId())
        .bind("idempotency", intent.idempotencyKey().map(IntentLog::cut).orElse(null))
        .bind("kind", intent.kind())
        .bind("body", Gzip.compress(intent.body()))
        .bind("now", now)
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .findOne()
        .orElseThrow(() -> new UnknownSourceException(intent.source()));
  }

  /** The client chooses the key's length; a long one must not refuse the commit. */
  private static String cut(String key) {
    return key.substring(0, Math.min(key.length(), IDEMPOTENCY_KEY_LENGTH));
  }

  private static void insertTargets(Handle handle, long id, List<TableIdentifier> targets) {
    PreparedBatch batch =
        handle.prepareBatch(
            "insert into intent_table (intent_id, ordinal, namespace, name) values (:id, :ordinal, :namespace, :name)");
    for (int i = 0; i < targets.size(); i++) {
      batch
          .bind("id", id)
          .bind("ordinal", i)
          .bind("namespace", NamespaceColumn.of(targets.get(i).namespace()))
          .bind("name", targets.get(i).name())
          .add();
    }
    if (!targets.isEmpty()) {
      batch.execute();
    }
  }

  /** Records how the forwarded commit ended. */
  public void settle(long id, Outcome outcome) {
    if (outcome instanceof Outcome.Rejected rejected) {
      reject(id, rejected);
    } else if (outcome instanceof Outcome.Committed committed) {
      database.inGroupedTransaction(
          handle -> {
            move(handle, id, IntentState.COMMITTED, Optional.of(committed.status()), null);
            committed.table().ifPresent(table -> recordAnswer(handle, id, table));
            return id;
          });
    } else if (outcome instanceof Outcome.Unknown unknown) {
      database.inGroupedTransaction(
          handle -> {
            move(handle, id, IntentState.UNKNOWN, unknown.status(), unknown.reason());
            return id;
          });
    }
  }

  /** Not with others in one transaction: the tables' rows may be locked by who looks at them. */
  private void reject(long id, Outcome.Rejected rejected) {
    database.inPromptTransaction(
        handle -> {
          move(handle, id, IntentState.REJECTED, Optional.of(rejected.status()), null);
          lookSoon(handle, id);
          return id;
        });
  }

  /**
   * A rejection is no proof when something between us and the source sent the commit twice: the
   * first copy may have landed and the second been refused. One look at the tables settles it.
   */
  private void lookSoon(Handle handle, long id) {
    handle
        .createUpdate(
            """
            update source_table set looks_asked = looks_asked + 1, check_after = least(check_after, :soon)
            where lifecycle = 'ACTIVE' and exists (
              select 1 from intent i join intent_table t on t.intent_id = i.id
              where i.id = :id and i.source = source_table.source
                and t.namespace = source_table.namespace and t.name = source_table.name)
            """)
        .bind("soon", clock.instant().plus(DEBOUNCE))
        .bind("id", id)
        .execute();
  }

  private static void recordAnswer(Handle handle, long id, CommittedTable table) {
    handle
        .createUpdate(
            """
            update intent_table set metadata_location = :location, metadata = :metadata
            where intent_id = :id and ordinal = 0
            """)
        .bind("location", table.metadataLocation())
        .bind("metadata", table.metadata().compressed())
        .bind("id", id)
        .execute();
  }

  private void move(
      Handle handle, long id, IntentState target, Optional<Integer> status, String reason) {
    int moved =
        handle
            .createUpdate(
                """
                update intent set state = :state, status = coalesce(:status, status), reason = :reason,
                                  settled_at = :now, next_check_at = :now
                where id = :id and state in (%s)
                """
                    .formatted(names(target.before())))
            .bind("state", target)
            .bind("status", status.orElse(null))
            .bind("reason", reason)
            .bind("now", clock.instant())
            .bind("id", id)
            .execute();
    if (moved == 0) {
      state(handle, id).to(target);
      throw new IllegalStateException("intent " + id + " changed while it was moved to " + target);
    }
  }

  /** As text of the statement, which is cheaper than to bind an array for each commit. */
  private static String names(Set<IntentState> states) {
    return states.stream().map(state -> "'" + state + "'").sorted().collect(joining(", "));
  }

  private static IntentState state(Handle handle, long id) {
    return handle
        .createQuery("select state from intent where id = :id")
        .bind("id", id)
        .mapTo(IntentState.class)
        .one();
  }

  /**
   * Turns the intents of a source that dead processes left pending into unknown ones: nobody will
   * report their outcome.
   *
   * @param silence how long a process may be without a heartbeat before it counts as dead
   */
  public int adoptOrphans(String source, Duration silence) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update intent set state = 'UNKNOWN', reason = 'its process ended', settled_at = :now,
                                      next_check_at = :now
                    where source = :source and state = 'PENDING' and process_id <> :self
                      and process_id not in (select id from process where heartbeat_at > :limit)
                    """)
                .bind("source", source)
                .bind("now", clock.instant())
                .bind("self", processId)
                .bind("limit", clock.instant().minus(silence))
                .execute());
  }

  /** What this process has opened. */
  public OwnIntents own() {
    return new OwnIntents(jdbi, clock, processId);
  }

  /** Says that this process is alive. */
  public void heartbeat() {
    Instant now = clock.instant();
    jdbi.useTransaction(
        handle -> {
          int updated =
              handle.execute("update process set heartbeat_at = ? where id = ?", now, processId);
          if (updated == 0) {
            handle.execute(
                "insert into process (id, started_at, heartbeat_at) values (?, ?, ?)",
                processId,
                now,
                now);
          }
        });
  }

  /**
   * The committed and unknown intents of a source that are due, oldest first. Each state on its
   * own, since H2 does not look up a list in the middle of an index.
   */
  public List<Intent> due(String source, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from intent
                    where source = :source and state = 'COMMITTED' and next_check_at <= :now
                    union all
                    select * from intent
                    where source = :source and state = 'UNKNOWN' and next_check_at <= :now
                    order by id limit :limit
                    """)
                .bind("source", source)
                .bind("now", clock.instant())
                .bind("limit", limit)
                .map(new IntentMapper(handle))
                .list());
  }

  /** Looks at an unknown intent again after {@code wait}, since the source does not show it yet. */
  public void checkAgain(long id, Duration wait) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "update intent set checks = checks + 1, next_check_at = ? where id = ?",
                clock.instant().plus(wait),
                id));
  }

  /** Closes an intent that the log explains, unless the append of its version has done so. */
  public void logged(long id) {
    jdbi.useTransaction(
        handle -> {
          if (state(handle, id) != IntentState.LOGGED) {
            move(handle, id, IntentState.LOGGED, Optional.empty(), null);
          }
        });
  }

  /** Closes an intent with the version that its commit made, if the source said so itself. */
  static void closeCommitted(Handle handle, long id, Instant now) {
    handle.execute(
        "update intent set state = ?, settled_at = ?, next_check_at = ? where id = ? and state = ?",
        IntentState.COMMITTED.to(IntentState.LOGGED),
        now,
        now,
        id,
        IntentState.COMMITTED);
  }

  /** Closes an unknown intent that the source has not shown within the settling time. */
  public void abandon(long id, String reason) {
    jdbi.useTransaction(
        handle -> move(handle, id, IntentState.ABANDONED, Optional.empty(), reason));
  }
}
