package io.twinberg.replicator.lane;

import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.Expiries;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replicator.merge.ReplicaRetention;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.publish.Attempt;
import io.twinberg.replicator.publish.SnapshotExpiry;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lane does when nothing is left to apply: it expires snapshots that have come due since the
 * last commit, and sets the time of its next look.
 */
final class LaneExpiry {
  private static final Logger LOG = LoggerFactory.getLogger(LaneExpiry.class);

  private final Expiries expiries;
  private final VersionLog versions;
  private final SnapshotExpiry expiry;
  private final Clock clock;

  LaneExpiry(Expiries expiries, VersionLog versions, SnapshotExpiry expiry, Clock clock) {
    this.expiries = expiries;
    this.versions = versions;
    this.expiry = expiry;
    this.clock = clock;
  }

  /** The name of a retention that another one does not have. */
  static String nameOf(ReplicaRetention retention) {
    return retention.maxSnapshotAge() + " " + retention.minSnapshotsToKeep();
  }

  /**
   * Looks, if it is time to; the replica as it is afterwards when something was expired. Replicas
   * whose source has dropped the table stay as they are.
   */
  Optional<Replica> look(Attempt attempt, Optional<ReplicaVersion> published) {
    if (published.isEmpty() || attempt.replica().lifecycle() != ReplicaLifecycle.ACTIVE) {
      return Optional.empty();
    }
    String id = attempt.replica().id();
    if (attempt.retention().isEmpty()) {
      expiries.forget(attempt.replica());
      return Optional.empty();
    }
    ReplicaRetention retention = attempt.retention().get();
    if (!expiries.isDue(id, nameOf(retention))) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    Set<Long> expired = retention.expired(published.get().tree(), now);
    if (expired.isEmpty()) {
      expiries.looked(
          attempt.replica(), nameOf(retention), retention.nextDue(published.get().tree(), now));
      return Optional.empty();
    }
    return Optional.of(expire(attempt, published.get(), expired));
  }

  private Replica expire(Attempt attempt, ReplicaVersion published, Set<Long> expired) {
    Replica before = attempt.replica();
    TableVersion version = versions.find(before.source(), before.position()).orElseThrow();
    Replica after = expiry.expire(attempt, version, published, expired);
    LOG.info(
        "snapshots expired replica={} table={} destination={} snapshots={} generation={}",
        after.id(),
        after.name(),
        after.destination(),
        expired.size(),
        after.generation());
    return after;
  }
}
