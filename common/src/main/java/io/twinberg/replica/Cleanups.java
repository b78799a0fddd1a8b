package io.twinberg.replica;

import io.twinberg.database.Database;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * When replicas are due for deleting files that nothing names. Rows are a reminder and nothing
 * more: one that is missing is made good at the next start.
 */
public final class Cleanups {
  private final Jdbi jdbi;

  /** The reminders of one database. */
  public Cleanups(Database database) {
    this.jdbi = database.jdbi();
  }

  /** Lets every published replica that has no reminder be looked through at a moment. */
  public void remind(Instant lookAt) {
    jdbi.useHandle(handle -> insert(handle, lookAt, "r.metadata_location is not null", ""));
  }

  /** Lets a replica be looked through at a moment, unless it has a reminder. */
  public void remind(String replicaId, Instant lookAt) {
    jdbi.useHandle(handle -> insert(handle, lookAt, "r.id = ?", replicaId));
  }

  private static void insert(Handle handle, Instant lookAt, String which, String replicaId) {
    String statement =
        """
        insert into replica_cleanup (replica_id, seen_token, seen_generation, look_at, due_at)
        select r.id, 0, 0, cast(? as timestamp with time zone), cast(? as timestamp with time zone)
        from replica r
        where not exists (select 1 from replica_cleanup c where c.replica_id = r.id) and
        """
            + which;
    if (replicaId.isEmpty()) {
      handle.execute(statement, lookAt, lookAt);
    } else {
      handle.execute(statement, lookAt, lookAt, replicaId);
    }
  }

  /** The reminder of a replica. */
  public Optional<Cleanup> of(String replicaId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from replica_cleanup where replica_id = :id")
                .bind("id", replicaId)
                .map(
                    (row, context) ->
                        new Cleanup(
                            row.getLong("seen_token"),
                            row.getLong("seen_generation"),
                            row.getTimestamp("look_at").toInstant(),
                            row.getTimestamp("due_at").toInstant()))
                .findOne());
  }

  /** Replaces a replica's reminder. */
  public void put(String replicaId, Cleanup cleanup) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                """
                update replica_cleanup set seen_token = ?, seen_generation = ?, look_at = ?, due_at = ?
                where replica_id = ?
                """,
                cleanup.seenToken(),
                cleanup.seenGeneration(),
                cleanup.lookAt(),
                cleanup.dueAt(),
                replicaId));
  }
}
