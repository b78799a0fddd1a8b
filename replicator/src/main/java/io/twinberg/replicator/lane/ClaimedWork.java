package io.twinberg.replicator.lane;

import io.twinberg.replica.Lease;
import io.twinberg.replica.ReplicaProgress;
import io.twinberg.replicator.task.TransferProgress;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The work on one claim of a replica, as others see it: how to stop it, and how far it is.
 *
 * @param transfer of the version that is being applied; null between two of them
 */
record ClaimedWork(
    String replicaId, Lease lease, WorkStop stop, AtomicReference<TransferProgress> transfer) {
  ClaimedWork(String replicaId, Lease lease) {
    this(replicaId, lease, new WorkStop(), new AtomicReference<>());
  }

  Optional<ReplicaProgress> progress(Instant now) {
    return Optional.ofNullable(transfer.get()).map(one -> one.at(now));
  }
}
