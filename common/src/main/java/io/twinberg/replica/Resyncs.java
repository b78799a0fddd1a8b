package io.twinberg.replica;

import io.twinberg.database.Database;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Replicas that are to be checked and repaired. An operation asks, the replica's lane does it under
 * its lease, whatever process that is in, and leaves the result for the operation.
 */
public final class Resyncs {
  /** How many replicas are locked at a time: what they publish waits meanwhile. */
  private static final int BATCH = 100;

  private final Jdbi jdbi;
  private final Clock clock;

  /** The requests of one database. */
  public Resyncs(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /**
   * Asks for replicas on behalf of an operation; what that has asked for already stays as it is,
   * and what another one has asked for is this one's from now on. Those that are gone are passed
   * over.
   */
  public void ask(String operationId, Collection<String> replicaIds) {
    List<String> ids = replicaIds.stream().sorted().toList();
    for (int from = 0; from < ids.size(); from += BATCH) {
      List<String> batch = ids.subList(from, Math.min(ids.size(), from + BATCH));
      jdbi.useTransaction(
          handle -> locked(handle, batch).forEach(id -> ask(handle, operationId, id)));
    }
  }

  /** In the order in which those who pause replicas and publish groups lock them. */
  private static List<String> locked(Handle handle, List<String> replicaIds) {
    return handle
        .createQuery("select id from replica where id in (<ids>) order by id for update")
        .bindList("ids", replicaIds)
        .mapTo(String.class)
        .list();
  }

  private void ask(Handle handle, String operationId, String replicaId) {
    handle.execute(
        "delete from replica_resync where replica_id = ? and operation_id <> ?",
        replicaId,
        operationId);
    int asked =
        handle.execute(
            "insert into replica_resync (replica_id, operation_id) values (?, ?) on conflict do nothing",
            replicaId,
            operationId);
    if (asked == 1) {
      // Whatever it waits for may be what is to be repaired.
      handle.execute(
          """
          update replica set next_attempt_at = ?, attempts = 0, vain_attempts = 0, given_up_head = null,
              needs_person = false
          where id = ?
          """,
          clock.instant(),
          replicaId);
    }
  }

  /** The operation that waits for the resync of a replica; empty when none does. */
  public Optional<String> askedBy(String replicaId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select operation_id from replica_resync where replica_id = :id and result is null")
                .bind("id", replicaId)
                .mapTo(String.class)
                .findOne());
  }

  /**
   * Leaves the result for the operation that had asked before the resync began. One that has asked
   * since waits still: what was checked by then may be damaged now.
   *
   * @throws LeaseLostException when another attempt has taken over; nothing has changed
   */
  public void done(String replicaId, String operationId, Lease lease, String result) {
    jdbi.useTransaction(
        handle -> {
          Leases.fence(handle, lease);
          handle.execute(
              """
              update replica_resync set result = ?
              where replica_id = ? and operation_id = ? and result is null
              """,
              result,
              replicaId,
              operationId);
        });
  }

  /** What came of each replica that an operation has asked for, as far as it is done. */
  public Map<String, Optional<String>> of(String operationId) {
    Map<String, Optional<String>> results = new HashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    "select replica_id, result from replica_resync where operation_id = :operation")
                .bind("operation", operationId)
                .map(
                    (row, context) ->
                        Map.entry(
                            row.getString("replica_id"),
                            Optional.ofNullable(row.getString("result"))))
                .forEach(row -> results.put(row.getKey(), row.getValue())));
    return results;
  }

  /** Asks no longer for a replica. */
  public void forget(String operationId, String replicaId) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "delete from replica_resync where operation_id = ? and replica_id = ?",
                operationId,
                replicaId));
  }

  /** Asks no longer for anything. */
  public void forget(String operationId) {
    jdbi.useHandle(
        handle -> handle.execute("delete from replica_resync where operation_id = ?", operationId));
  }
}
