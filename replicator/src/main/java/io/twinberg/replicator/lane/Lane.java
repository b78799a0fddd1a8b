package io.twinberg.replicator.lane;

import io.twinberg.replica.Lease;
import io.twinberg.replica.LeaseLostException;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Replicas;
import io.twinberg.wake.Wake;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on one replica at a time under its lease: whatever is waiting, until nothing is or
 * something fails.
 */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private final Replicas replicas;
  private final HeldLeases leases;
  private final WorkUnderWay underWay;
  private final LaneWork work;
  private final FailedAttempts failed;
  private final Clock clock;
  private final Wake wake;

  Lane(
      Replicas replicas,
      HeldLeases leases,
      WorkUnderWay underWay,
      LaneWork work,
      FailedAttempts failed,
      Clock clock,
      Wake wake) {
    this.replicas = replicas;
    this.leases = leases;
    this.underWay = underWay;
    this.work = work;
    this.failed = failed;
    this.clock = clock;
    this.wake = wake;
  }

  /**
   * Runs until the replica is current, fails, or is lost; false when it belongs to somebody else.
   *
   * @param found the replica as it was found: one that is limited now and was not, or the other way
   *     round, is left to a lane for such ones
   */
  boolean run(Replica found) {
    Optional<Lease> taken = leases.take(Lease.ofReplica(found.id()));
    if (taken.isEmpty()) {
      return false;
    }
    Lease lease = taken.get();
    boolean well = false;
    try {
      well =
          replicas
              .find(found.id())
              .filter(this::isDue)
              .filter(replica -> replica.settings().limited() == found.settings().limited())
              .map(replica -> work(replica, lease))
              .orElse(true);
    } finally {
      if (well) {
        leases.rest(lease);
      } else {
        leases.release(lease);
      }
    }
    return true;
  }

  /**
   * Another process may have tried, given up, paused or archived it between the look and the claim.
   */
  private boolean isDue(Replica replica) {
    return !replica.paused()
        && !replica.nextAttemptAt().isAfter(clock.instant())
        && !failed.isGivenUp(replica);
  }

  /** Whether the replica is current now, as far as anybody knows. */
  private boolean work(Replica replica, Lease lease) {
    OptionalLong lastAt = failed.lastAttemptAt(replica);
    ClaimedWork claimed = underWay.begin(replica, lease);
    try {
      work.run(replica, claimed);
      return !claimed.stop().isStopped();
    } catch (LeaseLostException e) {
      LOG.warn("lane stopped replica={}: {}", replica.id(), e.getMessage());
    } catch (InterruptedException e) {
      // Shutting down: what was staged stays, and the next claim goes on from there.
      Thread.currentThread().interrupt();
    } catch (RuntimeException | VirtualMachineError e) {
      // When the process ends or somebody pauses, drops, limits or takes it over, its tasks are cut
      // off: that is no failure of it.
      if (claimed.stop().isStopped()) {
        LOG.info(
            "lane stopped replica={}: it was paused, dropped, limited or taken over", replica.id());
      } else if (!wake.ended()) {
        failed.add(replica, lease, Failures.of(e, replica, clock.instant()), lastAt);
      }
    } finally {
      underWay.end(replica.id());
    }
    return false;
  }
}
