package io.twinberg.replicator.operation;

import io.twinberg.operation.Claim;
import io.twinberg.replicator.verify.Progress;
import io.twinberg.replicator.verify.StoppedException;
import io.twinberg.wake.Wake;
import java.util.Optional;

/**
 * One claimed operation while it runs: how far it is, and whether it has to end. Threads that work
 * for it leave their progress here and never touch the database: they may be interrupted, and that
 * would close H2's file.
 */
final class RunningOperation implements Progress {
  private final Claim claim;
  private final Wake wake;
  private volatile boolean lost;
  private volatile Optional<String> cancelledBy = Optional.empty();
  private volatile String part = "";
  private volatile String step = "";

  RunningOperation(Claim claim, Wake wake) {
    this.claim = claim;
    this.wake = wake;
  }

  Claim claim() {
    return claim;
  }

  /** Somebody else has taken the operation over. */
  void lose() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  /** Somebody has called the operation off. */
  void cancel(String by) {
    cancelledBy = Optional.of(by);
  }

  Optional<String> cancelledBy() {
    return cancelledBy;
  }

  /** The operation begins with its next part. */
  void part(String name) {
    part = name;
    at("");
  }

  @Override
  public void at(String next) {
    if (lost) {
      throw new StoppedException("another process has taken the operation over");
    }
    if (cancelledBy.isPresent()) {
      throw new StoppedException("cancelled by " + cancelledBy.get());
    }
    if (wake.ended()) {
      throw new StoppedException("the process ends");
    }
    step = next;
  }

  String progress() {
    return step.isEmpty() ? part : part + ": " + step;
  }
}
