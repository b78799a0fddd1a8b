package io.twinberg.replicator.task;

import java.util.concurrent.Future;

/** Runs tasks somewhere: in a pool of this process now, in a cluster for bulk backfills later. */
public interface TaskRunner {
  /** Starts a task; waits while too many are under way. */
  Future<TaskResult> run(ReplicationTask task);
}
