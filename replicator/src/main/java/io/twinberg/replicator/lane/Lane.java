package io.twinberg.replicator.lane;

import io.twinberg.replica.Lease;
import io.twinberg.replica.LeaseLostException;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.replica.Replicas;
import io.twinberg.replicator.settings.LaneSettings;
import io.twinberg.wake.Wake;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
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
  private final LaneSettings settings;
  private final Clock clock;
  private final Wake wake;

  Lane(
      Replicas replicas,
      HeldLeases leases,
      WorkUnderWay underWay,
      LaneWork work,
      LaneSettings settings,
      Clock clock,
      Wake wake) {
    this.replicas = replicas;
    this.leases = leases;
    this.underWay = underWay;
    this.work = work;
    this.settings = settings;
    this.clock = clock;
    this.wake = wake;
  }

  /**
   * Runs until the replica is current, fails, or is lost; false when it belongs to somebody else.
   */
  boolean run(String replicaId) {
    Optional<Lease> taken = leases.take(Lease.ofReplica(replicaId));
    if (taken.isEmpty()) {
      return false;
    }
    Lease lease = taken.get();
    WorkStop stop = underWay.begin(replicaId);
    boolean well = false;
    try {
      well =
          replicas
              .find(replicaId)
              .filter(this::isDue)
              .map(replica -> work(replica, lease, stop))
              .orElse(true);
    } finally {
      underWay.end(replicaId);
      if (well && !stop.isStopped()) {
        leases.rest(lease);
      } else {
        leases.release(lease);
      }
    }
    return true;
  }

  /** Another process may have tried, paused or archived it between the look and the claim. */
  private boolean isDue(Replica replica) {
    return !replica.paused() && !replica.nextAttemptAt().isAfter(clock.instant());
  }

  /** Whether the replica is current now, as far as anybody knows. */
  private boolean work(Replica replica, Lease lease, WorkStop stop) {
    try {
      work.run(replica, lease, stop);
      return true;
    } catch (LeaseLostException e) {
      LOG.warn("lane stopped replica={}: {}", replica.id(), e.getMessage());
    } catch (InterruptedException e) {
      // Shutting down: what was staged stays, and the next claim goes on from there.
      Thread.currentThread().interrupt();
    } catch (RuntimeException | VirtualMachineError e) {
      // When the process ends or somebody pauses it, its tasks are cut off: that is no failure of
      // it.
      if (stop.isStopped()) {
        LOG.info("lane stopped replica={}: it was paused", replica.id());
      } else if (!wake.ended()) {
        fail(replica, lease, Failures.of(e, replica, clock.instant()));
      }
    }
    return false;
  }

  private void fail(Replica replica, Lease lease, ReplicaFailure failure) {
    int attempts = replicas.find(replica.id()).map(Replica::attempts).orElse(0);
    Instant next = clock.instant().plus(settings.wait(attempts));
    LOG.warn(
        "replica failed replica={} table={} destination={} code={} attempt={} next={}: {}",
        replica.id(),
        replica.name(),
        replica.destination(),
        failure.code(),
        attempts + 1,
        next,
        failure.message());
    try {
      replicas.failed(replica.id(), lease, failure, next);
    } catch (LeaseLostException e) {
      LOG.warn("failure not recorded replica={}: {}", replica.id(), e.getMessage());
    }
  }
}
