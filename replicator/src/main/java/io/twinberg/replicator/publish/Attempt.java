package io.twinberg.replicator.publish;

import io.twinberg.config.RefSelection;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.merge.ReplicaRetention;
import io.twinberg.replicator.plan.AttemptNames;
import io.twinberg.replicator.rewrite.PathMapping;
import io.twinberg.replicator.task.TaskPools;
import io.twinberg.replicator.task.TransferProgress;
import io.twinberg.storage.ObjectStore;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One claim of one replica, with all that its work needs.
 *
 * @param nonce random letters in the names of all files that it rewrites
 * @param pools the threads that do it
 * @param retention which snapshots the replica keeps; empty: all
 * @param underWay holds how far the version is that is being applied, for whoever looks
 */
public record Attempt(
    Replica replica,
    Lease lease,
    String nonce,
    ObjectStore source,
    ObjectStore destination,
    PathMapping mapping,
    TaskPools pools,
    Optional<ReplicaRetention> retention,
    AtomicReference<TransferProgress> underWay) {
  /** The branches and tags that the replica's next version has. */
  RefSelection refs() {
    return replica.settings().refs();
  }

  AttemptNames names() {
    return new AttemptNames(replica.folder(), lease.token(), nonce);
  }

  /** The same claim, for its next version, whose files bear names of their own. */
  public Attempt next(Replica published, String freshNonce, Optional<ReplicaRetention> retained) {
    return new Attempt(
        published, lease, freshNonce, source, destination, mapping, pools, retained, underWay);
  }

  /** The same claim with another mapping. */
  Attempt with(PathMapping other) {
    return new Attempt(
        replica, lease, nonce, source, destination, other, pools, retention, underWay);
  }

  /** Whether a location is one of the source, and not of the replica itself. */
  boolean atSource(String location) {
    return !location.startsWith(replica.folder() + "/");
  }
}
