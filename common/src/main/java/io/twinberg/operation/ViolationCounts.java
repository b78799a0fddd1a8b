package io.twinberg.operation;

import io.twinberg.database.Database;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * How many violations verify operations have found at each destination. They are kept apart from
 * the operations, whose rows are removed after a while.
 */
public final class ViolationCounts {
  private final Jdbi jdbi;

  /** The counts of one database. */
  public ViolationCounts(Database database) {
    this.jdbi = database.jdbi();
  }

  /** The counts so far, by destination; those without any may be absent. */
  public Map<String, Long> byDestination() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select destination, violations from destination_violations")
                .map(
                    (row, context) ->
                        Map.entry(row.getString("destination"), row.getLong("violations")))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Adds what one operation has found, in the transaction that ends it: it counts once. */
  static void add(Handle handle, Map<String, Long> found) {
    // In one order, so that two that end at once do not wait for each other.
    new TreeMap<>(found).forEach((destination, violations) -> add(handle, destination, violations));
  }

  private static void add(Handle handle, String destination, long violations) {
    handle.execute(
        "insert into destination_violations (destination, violations) values (?, 0) on conflict do nothing",
        destination);
    handle.execute(
        "update destination_violations set violations = violations + ? where destination = ?",
        violations,
        destination);
  }
}
