package io.twinberg.replicator.lane;

/** The work on a replica was stopped amid it, which is no failure of the replica. */
final class WorkStoppedException extends RuntimeException {
  WorkStoppedException() {
    super("the work on the replica was stopped");
  }
}
