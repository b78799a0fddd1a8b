package io.twinberg.replica;

import io.twinberg.database.Database;
import java.time.Clock;
import java.time.Instant;
import org.jdbi.v3.core.Jdbi;

/**
 * What is kept of attempts at replicas that failed: why, how often, and when the next one may
 * begin. A publication ends it.
 */
public final class ReplicaFailures {
  private final Jdbi jdbi;
  private final Clock clock;

  /** The failures of one database's replicas. */
  public ReplicaFailures(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /**
   * Records that an attempt failed; the last good version stays readable. Attempts are in vain that
   * fail with what does not heal by itself; any other failure lets them be counted anew.
   *
   * @throws LeaseLostException when another attempt has taken over; nothing is recorded
   */
  public void record(String id, Lease lease, ReplicaFailure failure, Instant nextAttemptAt) {
    jdbi.useTransaction(
        handle -> {
          Leases.fence(handle, lease);
          handle
              .createUpdate(
                  """
                  update replica
                  set attempts = attempts + 1, next_attempt_at = :next, error_code = :code, error_message = :message,
                      error_file = :file, failed_since = coalesce(failed_since, :since), needs_person = :person,
                      vain_attempts = case when :vain then vain_attempts + 1 else 0 end, given_up_head = null
                  where id = :id
                  """)
              .bind("vain", inVain(failure))
              .bind("next", nextAttemptAt)
              .bind("code", failure.code())
              .bind("message", failure.message())
              .bind("file", failure.file().orElse(null))
              .bind("since", failure.since())
              .bind("person", failure.needsPerson())
              .bind("id", id)
              .execute();
          FailureCounts.add(handle, id, failure.code());
        });
  }

  private static boolean inVain(ReplicaFailure failure) {
    return ErrorCode.ofWord(failure.code()).mending() == Mending.SEEN;
  }

  /**
   * Lets a replica rest that has failed in vain at least so often, until its table has a version
   * behind a position or somebody wants it to be tried again; false when somebody does already.
   *
   * @throws LeaseLostException when another attempt has taken over; nothing is recorded
   */
  public boolean giveUp(String id, Lease lease, int vainAttempts, long head) {
    return jdbi.inTransaction(
        handle -> {
          Leases.fence(handle, lease);
          return handle.execute(
                  "update replica set given_up_head = ? where id = ? and vain_attempts >= ?",
                  head,
                  id,
                  vainAttempts)
              == 1;
        });
  }

  /**
   * Lets all replicas that were given up be tried again at once: the configuration may be another
   * one by now.
   */
  public int tryGivenUp() {
    return jdbi.withHandle(
        handle ->
            handle.execute(
                """
                update replica set next_attempt_at = ?, attempts = 0, vain_attempts = 0, given_up_head = null
                where given_up_head is not null
                """,
                clock.instant()));
  }

  /**
   * Lets a failed replica be tried again at once, as if it had failed for the first time; false
   * when it has not failed. What went wrong stays on record until it goes well.
   */
  public boolean retryNow(String id) {
    return jdbi.withHandle(
        handle ->
            handle.execute(
                    """
                    update replica set next_attempt_at = ?, attempts = 0, vain_attempts = 0, given_up_head = null,
                        needs_person = false
                    where id = ? and error_code is not null
                    """,
                    clock.instant(),
                    id)
                == 1);
  }
}
