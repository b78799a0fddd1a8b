package io.twinberg.replica;

import io.twinberg.database.Database;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * How many attempts on replicas have failed at each destination and why. They are kept apart from
 * the replicas, whose rows forget a failure as soon as an attempt goes well.
 */
public final class FailureCounts {
  /** Where and why attempts failed; the code is that of a version of Twinberg, maybe another. */
  public record Reason(String destination, String code) {}

  private final Jdbi jdbi;

  /** The counts of one database. */
  public FailureCounts(Database database) {
    this.jdbi = database.jdbi();
  }

  /** The counts so far; reasons without any may be absent. */
  public Map<Reason, Long> byReason() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select destination, code, failures from destination_failures")
                .map(
                    (row, context) ->
                        Map.entry(
                            new Reason(row.getString("destination"), row.getString("code")),
                            row.getLong("failures")))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /**
   * Counts a replica's failure at the end of the transaction that records it: lanes that fail alike
   * at once wait for each other's commit only, and nobody who holds the row waits for anything.
   */
  static void add(Handle handle, String replicaId, String code) {
    handle.execute(
        """
        insert into destination_failures (destination, code, failures)
        select destination, ?, 0 from replica where id = ? on conflict do nothing
        """,
        code,
        replicaId);
    handle.execute(
        """
        update destination_failures set failures = failures + 1
        where code = ? and destination = (select destination from replica where id = ?)
        """,
        code,
        replicaId);
  }
}
