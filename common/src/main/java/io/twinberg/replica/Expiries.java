package io.twinberg.replica;

import io.twinberg.database.Database;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * When the snapshots of replicas come due, for tables to which nothing is committed for long: a
 * commit expires what is due by the way.
 *
 * <p>Rows are a reminder and nothing more: one that is early costs a look, one that is missing is
 * made good at the next start.
 */
public final class Expiries {
  private final Jdbi jdbi;
  private final Clock clock;

  /** The reminders of one database. */
  public Expiries(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /**
   * Says which retention a destination has, in words that differ where retentions do: replicas that
   * were last looked at under another one are due at once, but for those that have one of their
   * own. Empty: everything is kept.
   */
  public void retention(String destination, Optional<String> retention) {
    jdbi.useTransaction(
        handle -> {
          handle.execute(
              """
              delete from replica_expiry where retention <> ?
                and replica_id in (select id from replica where destination = ? and retention is null)
              """,
              retention.orElse(""),
              destination);
          if (retention.isPresent()) {
            handle.execute(
                """
                insert into replica_expiry (replica_id, retention, due_at)
                select id, cast(? as varchar(64)), cast(? as timestamp with time zone) from replica r
                where r.destination = ? and r.retention is null and r.kind = 'TABLE' and r.metadata_location is not null
                  and not exists (select 1 from replica_expiry e where e.replica_id = r.id)
                """,
                retention.get(),
                clock.instant(),
                destination);
          }
        });
  }

  /** A replica has another retention than before: it is due at once, once it was published. */
  static void remind(Handle handle, String replicaId, Instant now) {
    handle.execute("delete from replica_expiry where replica_id = ?", replicaId);
    handle.execute(
        """
        insert into replica_expiry (replica_id, retention, due_at)
        select id, '', cast(? as timestamp with time zone) from replica
        where id = ? and kind = 'TABLE' and metadata_location is not null
        """,
        now,
        replicaId);
  }

  /**
   * Nothing of a replica is ever due: it keeps everything. A reminder that came with a retention of
   * its own since it was read stays.
   */
  public void forget(Replica seen) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                """
                delete from replica_expiry
                where replica_id = ?
                  and exists (select 1 from replica where id = ? and retention is not distinct from cast(? as varchar))
                """,
                seen.id(),
                seen.id(),
                RetentionColumn.of(seen.settings().retention())));
  }

  /**
   * Whether a replica has to be looked at: it is due, or nobody has looked under this retention.
   */
  public boolean isDue(String replicaId, String retention) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        select count(*) from replica_expiry
                        where replica_id = :id and retention = :retention and (due_at is null or due_at > :now)
                        """)
                    .bind("id", replicaId)
                    .bind("retention", retention)
                    .bind("now", clock.instant())
                    .mapTo(Long.class)
                    .one())
        == 0;
  }

  /**
   * Records a look: when the next one is due; empty if no snapshot ever will be. One at a replica
   * that has got another retention since it was read does not count.
   */
  public void looked(Replica seen, String retention, Optional<Instant> next) {
    jdbi.useTransaction(
        handle -> {
          Replica now = Replicas.lock(handle, seen.id());
          if (now.settings().retention().equals(seen.settings().retention())) {
            handle.execute("delete from replica_expiry where replica_id = ?", seen.id());
            insert(handle, seen.id(), retention, next);
          }
        });
  }

  private static void insert(
      Handle handle, String replicaId, String retention, Optional<Instant> next) {
    handle
        .createUpdate(
            "insert into replica_expiry (replica_id, retention, due_at) values (:id, :retention, :due)")
        .bind("id", replicaId)
        .bind("retention", retention)
        .bindByType("due", next.orElse(null), Instant.class)
        .execute();
  }
}
