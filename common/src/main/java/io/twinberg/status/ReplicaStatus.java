package io.twinberg.status;

import io.twinberg.log.EntryKind;
import io.twinberg.replica.PauseScope;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.ReplicaProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * How one replica stands.
 *
 * @param kind whether it is of a table or a view
 * @param table the table's name at the source
 * @param target its name at the destination
 * @param pausedBy what it is paused with, present while it is paused
 * @param sourceCheckedAt when the source was last asked about the table with success
 * @param attempts how many attempts in a row have failed
 * @param givenUp whether it is not tried again before its table has another version or somebody
 *     acts
 * @param nextAttempt when it is tried again, present while it has failed and is not given up
 * @param waitsForGroupSince when its next version was complete, present while that waits for the
 *     other tables of its transaction
 * @param groupSplitAt when a transaction was last shown at the destination without this table, or
 *     this table without the others of it
 * @param progress how far the work on its next version is, present while it takes long
 */
public record ReplicaStatus(
    String replicaId,
    EntryKind kind,
    String source,
    String destination,
    TableIdentifier table,
    TableIdentifier target,
    ReplicaState state,
    Optional<PauseScope> pausedBy,
    ReplicaLifecycle lifecycle,
    Optional<Instant> sourceCheckedAt,
    Lag lag,
    Optional<LastApplied> lastApplied,
    Optional<LastReceipt> lastReceipt,
    Optional<ReplicaFailure> lastError,
    int attempts,
    boolean givenUp,
    Optional<Instant> nextAttempt,
    Optional<Instant> waitsForGroupSince,
    Optional<Instant> groupSplitAt,
    Optional<ReplicaProgress> progress) {
  /**
   * How far the replica is behind the log.
   *
   * @param versions the versions that are not applied
   * @param age the time since the source committed the oldest of them, zero without any
   */
  public record Lag(long versions, Duration age) {}

  /**
   * The version that the replica shows.
   *
   * @param at when it was published
   */
  public record LastApplied(
      String sourceMetadataLocation,
      String replicaMetadataLocation,
      OptionalLong snapshotId,
      long position,
      Instant at) {}

  /**
   * What the last publication took.
   *
   * @param files how many files were copied or rewritten for it, in {@code bytes} bytes
   * @param committedAt when the source committed the version, by the source's clock
   */
  public record LastReceipt(
      long id,
      long position,
      long files,
      long bytes,
      Instant committedAt,
      Instant startedAt,
      Instant publishedAt) {}

  ReplicaStatus with(ReplicaProgress reached) {
    return new ReplicaStatus(
        replicaId,
        kind,
        source,
        destination,
        table,
        target,
        state,
        pausedBy,
        lifecycle,
        sourceCheckedAt,
        lag,
        lastApplied,
        lastReceipt,
        lastError,
        attempts,
        givenUp,
        nextAttempt,
        waitsForGroupSince,
        groupSplitAt,
        Optional.of(reached));
  }

  /** Whether nothing is done to it until somebody resumes it. */
  public boolean paused() {
    return pausedBy.isPresent();
  }

  /** Whether trying again cannot help before somebody acts. */
  public boolean needsPerson() {
    return lastError.map(ReplicaFailure::needsPerson).orElse(false);
  }
}
