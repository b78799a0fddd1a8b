package io.twinberg.replicator.lane;

import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.replica.Lease;
import io.twinberg.replica.LeaseLostException;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.replica.ReplicaFailures;
import io.twinberg.replica.Replicas;
import java.time.Clock;
import java.time.Instant;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows from an attempt that failed: the time of the next one or, where trying again has
 * been in vain a few times, none until the table has another version or somebody acts.
 */
final class FailedAttempts {
  /** After so many in a row a replica that does not heal by itself is given up. */
  static final int VAIN_ATTEMPTS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(FailedAttempts.class);

  private final Replicas replicas;
  private final ReplicaFailures failures;
  private final SourceTables tables;
  private final RetryWaits waits;
  private final AttemptTimes times;
  private final Clock clock;

  /**
   * What follows from attempts at one database's replicas.
   *
   * @param times is told when replicas are to be tried again
   */
  FailedAttempts(
      Replicas replicas,
      ReplicaFailures failures,
      SourceTables tables,
      RetryWaits waits,
      AttemptTimes times,
      Clock clock) {
    this.replicas = replicas;
    this.failures = failures;
    this.tables = tables;
    this.waits = waits;
    this.times = times;
    this.clock = clock;
  }

  /** Whether a replica was given up, and its table has no later version. */
  boolean isGivenUp(Replica replica) {
    OptionalLong givenUp = replica.givenUpHead();
    return givenUp.isPresent() && head(replica) <= givenUp.getAsLong();
  }

  /**
   * The version at which a replica is given up if the attempt that begins now fails; empty when it
   * is not the last. Read before the attempt: a version that comes amid it has not been tried.
   */
  OptionalLong lastAttemptAt(Replica replica) {
    return replica.vainAttempts() >= VAIN_ATTEMPTS - 1
        ? OptionalLong.of(head(replica))
        : OptionalLong.empty();
  }

  private long head(Replica replica) {
    return tables
        .find(replica.tableId())
        .map(SourceTable::headPosition)
        .orElse(OptionalLong.empty())
        .orElse(0);
  }

  /**
   * Records that an attempt failed, unless another one has taken over.
   *
   * @param lastAt as {@link #lastAttemptAt} said before the attempt
   */
  void add(Replica replica, Lease lease, ReplicaFailure failure, OptionalLong lastAt) {
    int before = replicas.find(replica.id()).map(Replica::attempts).orElse(0);
    Instant next = clock.instant().plus(waits.after(before));
    LOG.warn(
        "replica failed replica={} table={} destination={} code={} attempt={} next={}: {}",
        replica.id(),
        replica.name(),
        replica.destination(),
        failure.code(),
        before + 1,
        next,
        failure.message());
    try {
      failures.record(replica.id(), lease, failure, next);
      times.add(next);
      if (lastAt.isPresent()) {
        giveUp(replica, lease, failure, lastAt.getAsLong());
      }
    } catch (LeaseLostException e) {
      LOG.warn("failure not recorded replica={}: {}", replica.id(), e.getMessage());
    }
  }

  private void giveUp(Replica replica, Lease lease, ReplicaFailure failure, long head) {
    if (failures.giveUp(replica.id(), lease, VAIN_ATTEMPTS, head)) {
      LOG.error(
          "replica given up, it goes on with its table's next version or twinberg retry"
              + " replica={} table={} destination={} code={}",
          replica.id(),
          replica.name(),
          replica.destination(),
          failure.code());
    }
  }
}
