package io.twinberg.replicator.task;

import java.util.concurrent.Future;

/** Runs tasks somewhere: in a pool of this process now, in a cluster for bulk backfills later. */
public interface TaskRunner {
  /** Starts a task; waits while too many are under way. */
  Future<TaskResult> run(ReplicationTask task);

  /** Starts rewriting a manifest, whose length is known earlier than the task ends. */
  Rewriting rewrite(ReplicationTask.ManifestTask task);

  /**
   * Rewrites a data manifest that nothing else is rewritten beside: what its list needs of it is
   * known when this returns, without a change of threads, and only the writing goes on.
   */
  Rewriting rewriteHere(ReplicationTask.RewriteManifest task) throws InterruptedException;

  /** Writes a list that nothing else is done beside, and returns when that is done. */
  TaskResult putHere(ReplicationTask.PutList list);
}
