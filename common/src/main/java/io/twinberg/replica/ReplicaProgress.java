package io.twinberg.replica;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far the work on a replica's next version is. Files are those that the entries of manifests
 * name; what is at the destination already counts as done, without bytes.
 *
 * @param position the version's
 * @param updatedAt when this was so
 * @param snapshotsTotal how many snapshots the replica lacks of the version
 * @param filesTotal how many files the snapshots planned so far have; empty where a manifest list
 *     does not count them
 * @param bytesTotal how much data that is, as far as the summaries of the snapshots tell
 */
public record ReplicaProgress(
    long position,
    Instant startedAt,
    Instant updatedAt,
    int snapshotsDone,
    int snapshotsTotal,
    long filesDone,
    OptionalLong filesTotal,
    long bytesDone,
    OptionalLong bytesTotal) {
  private static final double MILLIS = 1000.0;

  /** How fast it has been so far. */
  public double bytesPerSecond() {
    long millis = Duration.between(startedAt, updatedAt).toMillis();
    return millis <= 0 ? 0 : bytesDone * MILLIS / millis;
  }

  /** When it will be done at this pace; empty while more is to come than anybody has counted. */
  public Optional<Instant> estimatedEnd() {
    boolean allPlanned = snapshotsDone + 1 >= snapshotsTotal;
    OptionalLong total = bytesTotal.isPresent() ? bytesTotal : filesTotal;
    long done = bytesTotal.isPresent() ? bytesDone : filesDone;
    if (!allPlanned || total.isEmpty() || done == 0) {
      return Optional.empty();
    }
    long left = Math.max(0, total.getAsLong() - done);
    long spent = Duration.between(startedAt, updatedAt).toMillis();
    return Optional.of(updatedAt.plusMillis((long) ((double) spent * left / done)));
  }
}
