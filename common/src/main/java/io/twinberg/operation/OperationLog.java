package io.twinberg.operation;

import io.twinberg.audit.AuditLog;
import io.twinberg.database.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/**
 * The operations of one database: who asked for what, who runs it, and what came of it. Claims go
 * by the database's clock, so that all processes agree on when one has run out.
 */
public final class OperationLog {
  /** No list is longer. */
  public static final int MAX_PAGE_SIZE = 1000;

  private static final int MAX_OPEN = 1000;
  private static final OperationMapper MAPPER = new OperationMapper();

  private static final String CLAIMABLE =
      "(state = 'REQUESTED' or (state = 'RUNNING' and claimed_until <= current_timestamp))";
  private static final List<OperationKind> ALL_KINDS = List.of(OperationKind.values());
  private static final String UNTIL =
      "current_timestamp + cast(:millis as bigint) * interval '0.001' second";

  private final Jdbi jdbi;
  private final Clock clock;

  /** The operations of one database. */
  public OperationLog(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /**
   * Asks for an operation.
   *
   * @throws TooManyOperationsException when too many are waiting
   */
  public Operation request(OperationRequest request, String requestedBy) {
    String id = UUID.randomUUID().toString();
    jdbi.useTransaction(
        handle -> {
          requireRoom(handle);
          insert(handle, id, request, requestedBy);
          AuditLog.append(
              handle, clock.instant(), OperationEvents.requested(id, request, requestedBy));
        });
    return find(id).orElseThrow();
  }

  private static void requireRoom(Handle handle) {
    long open =
        handle
            .createQuery(
                """
                select count(*) from operation
                where state = 'REQUESTED' or (state = 'RUNNING' and owner is not null)
                """)
            .mapTo(Long.class)
            .one();
    if (open >= MAX_OPEN) {
      throw new TooManyOperationsException(open);
    }
  }

  private void insert(Handle handle, String id, OperationRequest request, String requestedBy) {
    handle
        .createUpdate(
            """
            insert into operation (id, kind, state, target, options, requested_by, requested_at, token, attempts)
            values (:id, :kind, 'REQUESTED', :target, :options, :by, :now, 0, 0)
            """)
        .bind("id", id)
        .bind("kind", request.kind().name())
        .bind("target", RequestColumns.target(request))
        .bind("options", RequestColumns.options(request))
        .bind("by", requestedBy)
        .bind("now", clock.instant())
        .execute();
  }

  /** One operation. */
  public Optional<Operation> find(String id) {
    return jdbi.withHandle(handle -> find(handle, id));
  }

  private static Optional<Operation> find(Handle handle, String id) {
    return handle
        .createQuery("select * from operation where id = :id")
        .bind("id", id)
        .map(MAPPER)
        .findOne();
  }

  /**
   * The newest operations, or those asked for before another one.
   *
   * @throws IllegalArgumentException when the size is not from 1 to {@link #MAX_PAGE_SIZE}
   */
  public List<Operation> newest(Optional<String> before, int size) {
    if (size < 1 || size > MAX_PAGE_SIZE) {
      throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE_SIZE + " operations");
    }
    String behind =
        """
        where requested_at < (select requested_at from operation where id = :before)
           or (requested_at = (select requested_at from operation where id = :before) and id < :before)
        """;
    return jdbi.withHandle(
        handle -> {
          Query query =
              handle.createQuery(
                  "select * from operation %s order by requested_at desc, id desc limit :size"
                      .formatted(before.isPresent() ? behind : ""));
          before.ifPresent(id -> query.bind("before", id));
          return query.bind("size", size).map(MAPPER).list();
        });
  }

  /** Claims like {@link #claim(String, Duration, Collection)}, of any kind. */
  public Optional<Claim> claim(String owner, Duration duration) {
    return claim(owner, duration, ALL_KINDS);
  }

  /**
   * Claims the operation of some kinds that has waited longest since it was asked for, put off or
   * left by its owner: what is hindered again and again must not keep the others from their turn.
   */
  public Optional<Claim> claim(String owner, Duration duration, Collection<OperationKind> kinds) {
    return jdbi.inTransaction(
        handle -> {
          Optional<String> waiting =
              handle
                  .createQuery(
                      """
                      select id from operation where %s and kind in (<kinds>)
                      order by coalesce(claimed_until, requested_at), id limit 1
                      """
                          .formatted(CLAIMABLE))
                  .bindList("kinds", List.copyOf(kinds))
                  .mapTo(String.class)
                  .findOne();
          return waiting.flatMap(id -> claim(handle, id, owner, duration));
        });
  }

  /**
   * The kinds of which one may be claimed now. Each state on its own, since H2 does not look up two
   * in an index, and of operations that have ended there may be many.
   */
  public Set<OperationKind> claimable() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select kind from operation where state = 'REQUESTED'
                    union
                    select kind from operation where state = 'RUNNING' and claimed_until <= current_timestamp
                    """)
                .mapTo(OperationKind.class)
                .set());
  }

  /** Of those who see the same operation waiting, one gets it. */
  private Optional<Claim> claim(Handle handle, String id, String owner, Duration duration) {
    Optional<Long> token =
        handle
            .createUpdate(
                """
                update operation
                set state = 'RUNNING', owner = :owner, token = token + 1, attempts = attempts + 1,
                    started_at = coalesce(started_at, :now), claimed_until = %s
                where id = :id and %s
                """
                    .formatted(UNTIL, CLAIMABLE))
            .bind("owner", owner)
            .bind("now", clock.instant())
            .bind("millis", duration.toMillis())
            .bind("id", id)
            .executeAndReturnGeneratedKeys("token")
            .mapTo(Long.class)
            .findOne();
    return token.map(
        number ->
            new Claim(
                handle
                    .createQuery("select * from operation where id = :id")
                    .bind("id", id)
                    .map(MAPPER)
                    .one(),
                owner,
                number));
  }

  /** Prolongs a claim and tells how far it is; false when it is lost. */
  public boolean renew(Claim claim, Duration duration, String progress) {
    return jdbi.withHandle(
        handle ->
            handle
                    .createUpdate(
                        """
                        update operation set progress = :progress, claimed_until = %s
                        where id = :id and token = :token and state = 'RUNNING' and owner is not null
                        """
                            .formatted(UNTIL))
                    .bind("progress", progress)
                    .bind("millis", duration.toMillis())
                    .bind("id", claim.operation().id())
                    .bind("token", claim.token())
                    .execute()
                == 1);
  }

  /**
   * Calls an operation off: at once while it waits, and soon when it runs. One that has ended stays
   * as it is, and one that has dropped a replica goes on, whoever runs it next: nothing else
   * removes the files. Returns it as it is then.
   */
  public Optional<Operation> cancel(String id, String by) {
    jdbi.useTransaction(
        handle -> {
          if (!cancelledWaiting(handle, id, by)) {
            handle.execute(
                "update operation set cancelled_by = ? where id = ? and state = 'RUNNING' and cancelled_by is null",
                by,
                id);
          }
        });
    return find(id);
  }

  private boolean cancelledWaiting(Handle handle, String id, String by) {
    Outcome outcome = Outcome.cancelled(by);
    int ended =
        handle.execute(
            """
            update operation set state = 'CANCELLED', summary = ?, finished_at = ?
            where id = ? and (state = 'REQUESTED' or (state = 'RUNNING' and owner is null))
              and not exists (select 1 from dropped_replica where operation_id = operation.id)
            """,
            outcome.summary(),
            clock.instant(),
            id);
    if (ended == 1) {
      AuditLog.append(
          handle, clock.instant(), OperationEvents.ended(find(handle, id).orElseThrow(), outcome));
    }
    return ended == 1;
  }

  /** Who has called a running operation off. */
  public Optional<String> cancelledBy(String id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select cancelled_by from operation where id = :id and cancelled_by is not null")
                .bind("id", id)
                .mapTo(String.class)
                .findOne());
  }

  /** Gives an operation back that another process shall run; a lost claim changes nothing. */
  public void release(Claim claim) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "update operation set state = 'REQUESTED', owner = null where id = ? and token = ?"
                    + " and state = 'RUNNING'",
                claim.operation().id(),
                claim.token()));
  }

  /**
   * Gives an operation back that can only go on after a while; it came as far as it could, so that
   * this is no failed attempt. A lost claim changes nothing.
   */
  public void putOff(Claim claim, Duration wait, String progress) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update operation set owner = null, attempts = attempts - 1, progress = :progress, claimed_until = %s
                    where id = :id and token = :token and state = 'RUNNING'
                    """
                        .formatted(UNTIL))
                .bind("progress", progress)
                .bind("millis", wait.toMillis())
                .bind("id", claim.operation().id())
                .bind("token", claim.token())
                .execute());
  }

  /** Ends an operation; false when the claim is lost, and then nothing is changed. */
  public boolean finish(Claim claim, Outcome outcome) {
    return jdbi.inTransaction(
        handle -> {
          boolean finished = finish(handle, claim, outcome);
          if (finished) {
            ViolationCounts.add(handle, outcome.violations());
            AuditLog.append(
                handle, clock.instant(), OperationEvents.ended(claim.operation(), outcome));
          }
          return finished;
        });
  }

  private boolean finish(Handle handle, Claim claim, Outcome outcome) {
    return handle
            .createUpdate(
                """
                update operation
                set state = :state, summary = :summary, result = :result, finished_at = :now, owner = null
                where id = :id and token = :token and state = 'RUNNING'
                """)
            .bind("state", outcome.state().name())
            .bind("summary", outcome.summary())
            .bind("result", outcome.result().orElse(null))
            .bind("now", clock.instant())
            .bind("id", claim.operation().id())
            .bind("token", claim.token())
            .execute()
        == 1;
  }
}
