package io.twinberg.status;

import java.time.Instant;
import java.util.Optional;

/**
 * What the database knows of a source.
 *
 * @param tables how many active tables the log knows
 * @param uncheckedTables how many of them were never checked
 * @param oldestCheck when the table that has waited longest was checked
 * @param openIntents commits whose outcome is not in the log yet
 * @param replicas how the replicas of its tables stand together
 */
public record SourceFacts(
    String source,
    long tables,
    long uncheckedTables,
    Optional<Instant> oldestCheck,
    long openIntents,
    ReplicaSums replicas) {
  /** A source without any row. */
  public static SourceFacts none(String source) {
    return new SourceFacts(source, 0, 0, Optional.empty(), 0, ReplicaSums.NONE);
  }
}
