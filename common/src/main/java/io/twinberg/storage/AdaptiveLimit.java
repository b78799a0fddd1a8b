package io.twinberg.storage;

/**
 * How many calls a store is sent at once: half as many each time that it asks to slow down, one
 * more after each round of calls that went well.
 *
 * <p>Additive increase and multiplicative decrease, the rule by which those who do not know of one
 * another come to share what there is (Chiu and Jain, 1989). Refusals of calls that were sent
 * before the last decrease say nothing about what holds since, and count for nothing.
 */
final class AdaptiveLimit {
  private final int most;
  private int limit;
  private int inFlight;
  private int answered;
  private int decreases;

  /** Starts with the most that are ever sent. */
  AdaptiveLimit(int most) {
    this.most = most;
    this.limit = most;
  }

  /** Waits for a place, and returns what to say when the call has ended. */
  synchronized int enter() throws InterruptedException {
    while (inFlight >= limit) {
      wait();
    }
    inFlight++;
    return decreases;
  }

  /** A call has ended, and the store did not ask to slow down. */
  synchronized void answered(int entered) {
    leave();
    if (entered == decreases && limit < most && ++answered >= limit) {
      limit++;
      answered = 0;
    }
  }

  /**
   * The store asked to slow down.
   *
   * @return whether fewer calls are sent from now on
   */
  synchronized boolean throttled(int entered) {
    leave();
    if (entered != decreases) {
      return false;
    }
    limit = Math.max(1, limit / 2);
    answered = 0;
    decreases++;
    return true;
  }

  /** How many calls may be on their way now. */
  synchronized int limit() {
    return limit;
  }

  private void leave() {
    inFlight--;
    notifyAll();
  }
}
