package io.twinberg.replica;

import io.twinberg.database.Database;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * What is paused: sources, destinations and replicas, each a row of its own, so that a table that
 * turns up later in a paused destination is paused too. The replicas' rows say what comes of it.
 */
public final class Pauses {
  private static final String TAKES_IN =
      """
      p.source in ('', replica.source) and p.destination in ('', replica.destination)
        and p.replica_id in ('', replica.id)
      """;

  private static final String OF =
      """
      (:source = '' or source = :source) and (:destination = '' or destination = :destination)
        and (:replica = '' or id = :replica)
      """;

  private final Jdbi jdbi;
  private final Clock clock;

  /** The pauses of one database. */
  public Pauses(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /** Pauses; what is paused already stays so. */
  public void pause(Collection<Paused> scopes, String by) {
    change(scopes, (handle, scope) -> insert(handle, scope, by));
  }

  /** Ends exactly these pauses; a replica that another one takes in stays paused. */
  public void resume(Collection<Paused> scopes) {
    change(
        scopes,
        (handle, scope) ->
            bind(
                    handle.createUpdate(
                        """
                        delete from pause
                        where source = :source and destination = :destination and replica_id = :replica
                        """),
                    scope)
                .execute());
  }

  /** Ends every pause. */
  public void resumeAll() {
    change(List.of(Paused.ALL), (handle, scope) -> handle.execute("delete from pause"));
  }

  private void change(Collection<Paused> scopes, BiConsumer<Handle, Paused> each) {
    jdbi.useTransaction(
        handle -> {
          // Whoever creates a replica holds its source's row, and so sees this or is seen by it.
          handle
              .createQuery("select name from source order by name for update")
              .mapTo(String.class)
              .list();
          for (Paused scope : scopes) {
            each.accept(handle, scope);
            lockReplicas(handle, scope);
            apply(handle, scope);
          }
        });
  }

  private void insert(Handle handle, Paused scope, String by) {
    bind(
            handle.createUpdate(
                """
                insert into pause (source, destination, replica_id, scope, paused_by, paused_at)
                values (:source, :destination, :replica, :scope, :by, :now) on conflict do nothing
                """),
            scope)
        .bind("scope", scope.scope())
        .bind("by", by)
        .bind("now", clock.instant())
        .execute();
  }

  /** In the order in which those who publish groups lock them. */
  private static void lockReplicas(Handle handle, Paused scope) {
    bind(
            handle.createQuery("select id from replica where " + OF + " order by id for update"),
            scope)
        .mapTo(String.class)
        .list();
  }

  /**
   * Locks a source until the transaction ends, before a replica of it is made: nobody pauses
   * anything meanwhile.
   */
  static void lock(Handle handle, String source) {
    handle
        .createQuery("select name from source where name = :name for update")
        .bind("name", source)
        .mapTo(String.class)
        .list();
  }

  /** Says in the row of a new replica what takes it in; the caller has locked its source. */
  static void applyTo(Handle handle, String replicaId) {
    apply(handle, Paused.replica(replicaId));
  }

  private static void apply(Handle handle, Paused scope) {
    bind(
            handle.createUpdate(
                "update replica set paused_by = (select min(p.scope) from pause p where "
                    + TAKES_IN
                    + ") where "
                    + OF),
            scope)
        .execute();
    bind(
            handle.createUpdate(
                """
                update replica set paused = (paused_by is not null), vain_attempts = 0, given_up_head = null
                where paused <> (paused_by is not null) and
                """
                    + OF),
            scope)
        .execute();
  }

  private static <S extends SqlStatement<S>> S bind(S statement, Paused scope) {
    return statement
        .bind("source", scope.source().orElse(""))
        .bind("destination", scope.destination().orElse(""))
        .bind("replica", scope.replicaId().orElse(""));
  }

  /** Whether a pause takes in all replicas of a source at a destination. */
  public boolean takesIn(String source, String destination) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        select count(*) from pause
                        where source in ('', :source) and destination in ('', :destination) and replica_id = ''
                        """)
                    .bind("source", source)
                    .bind("destination", destination)
                    .mapTo(Long.class)
                    .one())
        > 0;
  }

  /**
   * The paused replicas whose lease somebody has not given back: a lane works on them still, or it
   * died, or it does not know yet that it is replaced.
   */
  public List<String> workedOn() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select r.id from lease l join replica r on r.id = substring(l.resource from 9)
                    where l.resource like 'replica/%' and l.owner is not null and r.paused order by r.id
                    """)
                .mapTo(String.class)
                .list());
  }
}
