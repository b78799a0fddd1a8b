package io.twinberg.replicator.lane;

/** The replica was paused amid the work on it, which is no failure of it. */
final class WorkStoppedException extends RuntimeException {
  WorkStoppedException() {
    super("the replica was paused");
  }
}
