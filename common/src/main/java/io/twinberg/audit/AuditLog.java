package io.twinberg.audit;

import io.twinberg.database.Database;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;

/**
 * The audit of one database, in the order of time. Entries are only ever added; what belongs to
 * another change is added in its transaction, so that there is never one without the other.
 */
public final class AuditLog {
  /** No page is longer. */
  public static final int MAX_PAGE_SIZE = 1000;

  private final Database database;
  private final Jdbi jdbi;
  private final Clock clock;

  /** The audit of one database. */
  public AuditLog(Database database, Clock clock) {
    this.database = database;
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /** Adds an entry in the transaction of what it records. */
  public static void append(Handle handle, Instant at, AuditEvent event) {
    insert(handle, at, event).execute();
  }

  /**
   * Adds an entry of a management action that is to be found by each of some destinations.
   *
   * @param destinations none where the event's scope says all
   */
  static void append(Handle handle, Instant at, AuditEvent event, Set<String> destinations) {
    long id = insert(handle, at, event).executeAndReturnGeneratedKeys("id").mapTo(Long.class).one();
    for (String destination : destinations) {
      handle.execute(
          "insert into audit_destination (entry_id, destination, recorded_at) values (?, ?, ?)",
          id,
          EventColumns.kept(destination, EventColumns.SHORT),
          at);
    }
  }

  private static Update insert(Handle handle, Instant at, AuditEvent event) {
    return EventColumns.bind(
            handle.createUpdate(
                """
                insert into audit_entry (recorded_at, kind, action, actor, source, namespace, name, namespace_hash,
                    entry_hash, destination, subject, outcome, details)
                values (:now, :kind, :action, :actor, :source, :namespace, :name, :namespace_hash,
                    :entry_hash, :destination, :subject, :outcome, :details)
                """),
            event)
        .bind("now", at);
  }

  /** Adds entries together. */
  public void append(List<AuditEvent> events) {
    Instant now = clock.instant();
    jdbi.useTransaction(handle -> events.forEach(event -> append(handle, now, event)));
  }

  /**
   * The newest entries, or those before a cursor.
   *
   * @throws IllegalArgumentException when the size is not from 1 to {@link #MAX_PAGE_SIZE}
   */
  public List<AuditEntry> newest(AuditFilter filter, Optional<AuditCursor> before, int size) {
    return page(filter, conditions -> before.ifPresent(conditions::before), true, size);
  }

  /**
   * The oldest entries, or those after a cursor.
   *
   * @throws IllegalArgumentException when the size is not from 1 to {@link #MAX_PAGE_SIZE}
   */
  public List<AuditEntry> oldest(AuditFilter filter, Optional<AuditCursor> after, int size) {
    return page(filter, conditions -> after.ifPresent(conditions::after), false, size);
  }

  private List<AuditEntry> page(
      AuditFilter filter, Consumer<AuditConditions> beyond, boolean newestFirst, int size) {
    if (size < 1 || size > MAX_PAGE_SIZE) {
      throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE_SIZE + " entries");
    }
    AuditConditions own = AuditConditions.of(filter, database);
    beyond.accept(own);
    String sql = own.select(newestFirst);
    if (filter.scope().destination().isPresent() && mayConcernSeveral(filter)) {
      AuditConditions several = AuditConditions.ofSeveral(filter, database);
      beyond.accept(several);
      sql = both(sql, several.select(newestFirst), newestFirst);
    }
    return read(own, sql, size);
  }

  private static boolean mayConcernSeveral(AuditFilter filter) {
    return filter.kind().map(AuditKind.MANAGEMENT::equals).orElse(true);
  }

  /** Each part finds its page by an index of its own. */
  private static String both(String own, String several, boolean newestFirst) {
    String direction = newestFirst ? "desc" : "";
    return "select * from (%s) own union all select * from (%s) several order by recorded_at %s, id %s limit :size"
        .formatted(own, several, direction, direction);
  }

  private List<AuditEntry> read(AuditConditions conditions, String sql, int size) {
    return jdbi.withHandle(
        handle ->
            conditions
                .bind(handle.createQuery(sql))
                .bind("size", size)
                .map(
                    (row, context) ->
                        new AuditEntry(
                            row.getLong("id"),
                            row.getTimestamp("recorded_at").toInstant(),
                            EventColumns.event(row)))
                .list());
  }
}
