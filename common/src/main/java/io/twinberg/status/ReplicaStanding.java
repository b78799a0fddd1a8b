package io.twinberg.status;

import io.twinberg.replica.ReplicaLifecycle;
import java.time.Instant;
import java.util.Optional;

/**
 * What the state of a replica hangs on: its own row and that of its table.
 *
 * @param failed whether its last attempt has failed
 * @param published whether it shows a version
 * @param lacksHistory whether older snapshots are still to come
 * @param position that of the last version it has applied
 * @param tableHead that of the last version of its table, 0 before the first
 * @param checkedAt when the source was last asked about the table
 * @param unchangedChecks how many times in a row that found nothing new
 */
record ReplicaStanding(
    ReplicaLifecycle lifecycle,
    boolean failed,
    boolean published,
    boolean lacksHistory,
    long position,
    long tableHead,
    Optional<Instant> checkedAt,
    int unchangedChecks) {
  /** The last version that it should apply: once nothing follows its table, the one it has. */
  long head() {
    return goesOn() ? tableHead : position;
  }

  /** Whether there are versions of its table that it should apply. */
  boolean behind() {
    return head() > position;
  }

  /** Whether there is work to do, if anybody does any. */
  boolean waits() {
    return !published || tableHead > position || lacksHistory;
  }

  private boolean goesOn() {
    return lifecycle == ReplicaLifecycle.ACTIVE || lifecycle == ReplicaLifecycle.SOURCE_DROPPED;
  }
}
