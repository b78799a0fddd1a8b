package io.twinberg.replicator.lane;

import io.twinberg.replica.Replica;
import java.util.concurrent.Semaphore;

/**
 * The lanes that are free. Replicas whose rule limits how fast they are written hold theirs for
 * long: they may have half of the lanes, so that the others go on.
 */
final class FreeLanes {
  private final Semaphore free;
  private final Semaphore forLimited;

  /** So many lanes; limited replicas may have one of them in any case. */
  FreeLanes(int lanes) {
    this.free = new Semaphore(lanes);
    this.forLimited = new Semaphore(Math.max(1, lanes / 2));
  }

  /** Whether limited replicas do not have their half yet. */
  boolean haveOneForLimited() {
    return forLimited.availablePermits() > 0;
  }

  /** Waits for a lane; false, without waiting, where limited replicas have their half. */
  boolean take(Replica replica) throws InterruptedException {
    if (replica.settings().limited() && !forLimited.tryAcquire()) {
      return false;
    }
    free.acquire();
    return true;
  }

  /** Gives the lane of a replica back. */
  void giveBack(Replica replica) {
    free.release();
    if (replica.settings().limited()) {
      forLimited.release();
    }
  }
}
