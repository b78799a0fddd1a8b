package io.twinberg.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.twinberg.database.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Management actions that are under way. A row stands for each from before it begins, so that none
 * is made that the audit cannot record; its entry takes the row's place when it ends. Should the
 * process or the database be gone by then, an entry with an unknown outcome does so later.
 */
public final class BegunActions {
  /** Much longer than any call of the management API takes. */
  private static final Duration GIVEN_UP_AFTER = Duration.ofMinutes(10);

  private static final int BATCH = 100;

  private final Jdbi jdbi;
  private final Clock clock;

  private record Begun(long id, Instant at, String actor, String action, String subject) {
    private AuditEvent unknown(AuditScope scope) {
      return new AuditEvent(
          AuditKind.MANAGEMENT,
          action,
          Optional.of(actor),
          scope,
          subject,
          AuditOutcome.UNKNOWN,
          JsonNodeFactory.instance.objectNode().put("begunAt", at.toString()));
    }
  }

  /** The actions of one database. */
  public BegunActions(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /** Says that an action begins, and gives the number by which it {@link #end}s. */
  public long begin(String actor, String action, String subject) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into audit_begun (begun_at, actor, action, subject)
                    values (:now, :actor, :action, :subject)
                    """)
                .bind("now", clock.instant())
                .bind("actor", EventColumns.kept(actor, EventColumns.SHORT))
                .bind("action", EventColumns.kept(action, EventColumns.SHORT))
                .bind("subject", EventColumns.kept(subject, EventColumns.SUBJECT))
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one());
  }

  /** Records how an action ended that concerned no destinations but what its scope says. */
  public void end(long id, AuditEvent event) {
    end(id, event, Set.of());
  }

  /**
   * Records how an action ended.
   *
   * @param destinations that it concerned, where they are several and the scope names none
   */
  public void end(long id, AuditEvent event, Set<String> destinations) {
    jdbi.useTransaction(
        handle -> {
          remove(handle, id);
          AuditLog.append(handle, clock.instant(), event, destinations);
        });
  }

  /**
   * Records how an action ended whose end could not be recorded at first. It may have been all the
   * same, or the action been given up: then nothing is recorded twice.
   */
  public void endLate(long id, AuditEvent event, Set<String> destinations) {
    jdbi.useTransaction(
        handle -> {
          if (remove(handle, id)) {
            AuditLog.append(handle, clock.instant(), event, destinations);
          }
        });
  }

  /**
   * Records those of which nobody will say any more how they ended; each once, whoever asks.
   *
   * @param scopes what an action and its subject name, which is all that is known of what was asked
   */
  public void giveUp(BiFunction<String, String, AuditScope> scopes) {
    for (Begun begun : old()) {
      jdbi.useTransaction(
          handle -> {
            if (remove(handle, begun.id())) {
              AuditLog.append(
                  handle,
                  clock.instant(),
                  begun.unknown(scopes.apply(begun.action(), begun.subject())));
            }
          });
    }
  }

  private List<Begun> old() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select * from audit_begun where begun_at < :before order by id limit :size")
                .bind("before", clock.instant().minus(GIVEN_UP_AFTER))
                .bind("size", BATCH)
                .map(
                    (row, context) ->
                        new Begun(
                            row.getLong("id"),
                            row.getTimestamp("begun_at").toInstant(),
                            row.getString("actor"),
                            row.getString("action"),
                            row.getString("subject")))
                .list());
  }

  private static boolean remove(Handle handle, long id) {
    return handle.execute("delete from audit_begun where id = ?", id) == 1;
  }
}
