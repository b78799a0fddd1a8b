package io.twinberg.audit;

import io.twinberg.database.Database;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

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
    EventColumns.bind(
            handle.createUpdate(
                """
                insert into audit_entry (recorded_at, kind, action, actor, source, namespace, name, namespace_hash,
                    entry_hash, destination, subject, outcome, details)
                values (:now, :kind, :action, :actor, :source, :namespace, :name, :namespace_hash,
                    :entry_hash, :destination, :subject, :outcome, :details)
                """),
            event)
        .bind("now", at)
        .execute();
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
    AuditConditions conditions = AuditConditions.of(filter, database);
    before.ifPresent(conditions::before);
    return page(conditions, true, size);
  }

  /**
   * The oldest entries, or those after a cursor.
   *
   * @throws IllegalArgumentException when the size is not from 1 to {@link #MAX_PAGE_SIZE}
   */
  public List<AuditEntry> oldest(AuditFilter filter, Optional<AuditCursor> after, int size) {
    AuditConditions conditions = AuditConditions.of(filter, database);
    after.ifPresent(conditions::after);
    return page(conditions, false, size);
  }

  private List<AuditEntry> page(AuditConditions conditions, boolean newestFirst, int size) {
    if (size < 1 || size > MAX_PAGE_SIZE) {
      throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE_SIZE + " entries");
    }
    String sql =
        "select * from audit_entry %s %s limit :size"
            .formatted(conditions.sql(), conditions.order(newestFirst));
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
