package io.twinberg.replicator.lane;

import io.twinberg.config.DataSize;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaProgress;
import io.twinberg.replicator.task.TransferProgress;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.Throttle;
import io.twinberg.storage.ThrottledStore;
import io.twinberg.wake.Wake;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The work on one claim of a replica, as others see it: how to stop it, how fast it may write, and
 * how far it is.
 *
 * @param throttle of a replica whose rule limits it
 * @param transfer of the version that is being applied; null between two of them
 */
record ClaimedWork(
    String replicaId,
    Lease lease,
    WorkStop stop,
    Optional<Throttle> throttle,
    AtomicReference<TransferProgress> transfer) {
  /**
   * The work on a replica as it is now.
   *
   * @param lanes whose end is the end of every wait
   */
  static ClaimedWork on(Replica replica, Lease lease, Wake lanes) {
    WorkStop stop = new WorkStop();
    Optional<Throttle> throttle =
        replica
            .settings()
            .bandwidthLimit()
            .map(limit -> new Throttle(OptionalLong.of(limit.bytes()), () -> goOn(stop, lanes)));
    return new ClaimedWork(replica.id(), lease, stop, throttle, new AtomicReference<>());
  }

  private static void goOn(WorkStop stop, Wake lanes) {
    stop.check();
    if (lanes.ended()) {
      throw new WorkStoppedException();
    }
  }

  /**
   * Goes on with another limit. Work that had none is stopped: its next claim goes on from what is
   * staged, apart from the others.
   */
  void limit(Optional<DataSize> limit) {
    if (throttle.isPresent()) {
      throttle.get().limit(limit.stream().mapToLong(DataSize::bytes).findFirst());
    } else if (limit.isPresent()) {
      stop.stop();
    }
  }

  /** A destination in which the work can be stopped, and which it fills no faster than it may. */
  ObjectStore into(ObjectStore destination) {
    ObjectStore stoppable = new StoppableStore(destination, stop);
    return throttle.<ObjectStore>map(pace -> new ThrottledStore(stoppable, pace)).orElse(stoppable);
  }

  Optional<ReplicaProgress> progress(Instant now) {
    return Optional.ofNullable(transfer.get()).map(one -> one.at(now));
  }
}
