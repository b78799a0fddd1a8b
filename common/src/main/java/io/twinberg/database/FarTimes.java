package io.twinberg.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * The times in the database at which something is due that lie farther ahead than anything is ever
 * put off: the clock was set back since they were written. What waits for them would wait for as
 * long as it was set back.
 *
 * <p>Not among them is what is put off by hours or days anyway: files to delete, snapshots to
 * expire, old rows. Leases and claims go by the database's own clock; who loses one by this is kept
 * out by its token.
 */
public final class FarTimes {
  /** Longer than anything is put off for which there is no setting, or any lease held. */
  private static final Duration FARTHEST = Duration.ofMinutes(20);

  private static final List<String> OF_A_SOURCE =
      List.of(
          "update intent set next_check_at = ? where next_check_at > ? and source = ? and state = 'COMMITTED'",
          "update intent set next_check_at = ? where next_check_at > ? and source = ? and state = 'UNKNOWN'");

  private static final String OF_TABLES =
      "update source_table set check_after = ? where check_after > ? and source = ? and lifecycle = 'ACTIVE'";

  private static final List<String> OF_ALL =
      List.of(
          "update mirrored_namespace set next_attempt_at = ? where next_attempt_at > ?",
          "update destination_group set since = ? where since > ? and split_at is null",
          "update process set heartbeat_at = ? where heartbeat_at > ?");

  private static final String OF_REPLICAS =
      "update replica set next_attempt_at = ? where next_attempt_at > ?";

  private static final List<String> BY_THE_DATABASES_CLOCK =
      List.of(
          "update lease set expires_at = current_timestamp where expires_at > current_timestamp + interval '%d' minute",
          "update operation set claimed_until = current_timestamp where claimed_until > current_timestamp + interval '%d' minute");

  private final Jdbi jdbi;
  private final Clock clock;
  private final Duration longestRetry;
  private final Duration longestCheck;

  /**
   * The times of one database.
   *
   * @param longestRetry for how long a failed replica is put off at most, which may be set to any
   *     duration
   * @param longestCheck for how long a table is put off at most that has just been checked, which
   *     may be set to any duration, too
   */
  public FarTimes(Database database, Clock clock, Duration longestRetry, Duration longestCheck) {
    this.jdbi = database.jdbi();
    this.clock = clock;
    this.longestRetry = longestRetry;
    this.longestCheck = longestCheck;
  }

  /** What the database's own clock says. */
  public Instant databaseTime() {
    return jdbi.withHandle(
        handle -> handle.select("select current_timestamp").mapTo(Instant.class).one());
  }

  /**
   * Makes due what should have been by now, of a source and of all destinations.
   *
   * @return how many times were moved
   */
  public int bringBack(String source) {
    Instant now = clock.instant();
    Instant far = now.plus(FARTHEST);
    return jdbi.withHandle(
        handle ->
            OF_A_SOURCE.stream().mapToInt(sql -> handle.execute(sql, now, far, source)).sum()
                + handle.execute(OF_TABLES, now, far.plus(longestCheck), source)
                + OF_ALL.stream().mapToInt(sql -> handle.execute(sql, now, far)).sum()
                + handle.execute(OF_REPLICAS, now, far.plus(longestRetry))
                + BY_THE_DATABASES_CLOCK.stream()
                    .map(sql -> sql.formatted(FARTHEST.toMinutes()))
                    .mapToInt(handle::execute)
                    .sum());
  }
}
