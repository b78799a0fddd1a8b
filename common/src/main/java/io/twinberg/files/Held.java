package io.twinberg.files;

import io.twinberg.source.TableCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Credentials of one table as they were handed out once.
 *
 * @param number counts what was handed out for the table
 */
record Held(TableCredentials credentials, Instant since, long number) {
  /** How long before their end they are replaced, at most. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  boolean expiredAt(Instant now) {
    return credentials.expiresAt().filter(end -> !now.isBefore(end)).isPresent();
  }

  /**
   * Short-lived ones live for three quarters of what they had left: else a catalog that hands out
   * the same ones again would be asked with every file.
   */
  boolean dueAt(Instant now) {
    Optional<Instant> end = credentials.expiresAt();
    if (end.isEmpty()) {
      return false;
    }
    Duration quarter = Duration.between(since, end.get()).dividedBy(4);
    Duration margin = quarter.compareTo(MARGIN) < 0 ? quarter : MARGIN;
    return !now.isBefore(end.get().minus(margin));
  }
}
