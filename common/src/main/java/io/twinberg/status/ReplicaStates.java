package io.twinberg.status;

import io.twinberg.replica.ReplicaLifecycle;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** The states of replicas at one moment. */
final class ReplicaStates {
  /** Since when a source must have been asked, after 0, 1, 2, … checks that found nothing. */
  private final List<Instant> freshSince;

  ReplicaStates(CheckIntervals intervals, Instant now) {
    // A check is written with microseconds.
    Instant written = now.truncatedTo(ChronoUnit.MICROS);
    this.freshSince =
        intervals.steps().stream().map(step -> written.minus(step.multipliedBy(2))).toList();
  }

  /**
   * The state of one of them.
   *
   * @param held whether somebody holds its lease
   */
  ReplicaState of(ReplicaStanding replica, boolean held) {
    if (replica.failed()) {
      return ReplicaState.FAILED;
    }
    if (replica.lifecycle() == ReplicaLifecycle.UNMATCHED
        || replica.lifecycle() == ReplicaLifecycle.ARCHIVED) {
      return ReplicaState.COMPLETED;
    }
    if (replica.waits()) {
      return held ? ReplicaState.COPYING : ReplicaState.PENDING;
    }
    return replica.lifecycle() == ReplicaLifecycle.ACTIVE && !fresh(replica)
        ? ReplicaState.UNKNOWN
        : ReplicaState.COMPLETED;
  }

  private boolean fresh(ReplicaStanding replica) {
    int step = Math.min(replica.unchangedChecks(), freshSince.size() - 1);
    Optional<Instant> checkedAt = replica.checkedAt();
    return checkedAt.isPresent() && !checkedAt.get().isBefore(freshSince.get(step));
  }
}
