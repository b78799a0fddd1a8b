package io.twinberg.replicator.lane;

/**
 * Tells the work on one claim of a replica to stop, from any thread: its next step, or its next
 * bytes, are not begun. Threads are not interrupted, since some use the database.
 */
final class WorkStop {
  private volatile boolean stopped;

  /** Stops. */
  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }

  /** Ends the step that asks when the work is to stop. */
  void check() {
    if (stopped) {
      throw new WorkStoppedException();
    }
  }
}
