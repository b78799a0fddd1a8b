package io.twinberg.config;

import java.time.Duration;

/** Which snapshots the replicas of a destination keep. */
public sealed interface Retention {

  /** All of them, whatever the source expires. */
  record Forever() implements Retention {}

  /** Those younger than an age, and of each branch at least some. */
  record Bounded(Duration maxSnapshotAge, int minSnapshotsToKeep) implements Retention {}
}
