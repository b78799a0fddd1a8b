package io.twinberg.replicator.task;

import java.util.concurrent.Future;

/** Runs tasks somewhere: in a pool of this process now, in a cluster for bulk backfills later. */
public interface TaskRunner {
  /** Starts a task; waits while too many are under way. */
  Future<TaskResult> run(ReplicationTask task);

  /** Starts rewriting a manifest, whose length is known earlier than the task ends. */
  Rewriting rewrite(ReplicationTask.ManifestTask task);
}
