package io.twinberg.replicator.lane;

import io.twinberg.replica.Cleanups;
import io.twinberg.replica.GroupPublisher;
import io.twinberg.replicator.publish.PublishedMetadata;
import io.twinberg.replicator.publish.VersionApplier;
import io.twinberg.replicator.task.TaskPools;
import io.twinberg.replicator.unreferenced.Condemnation;
import io.twinberg.replicator.unreferenced.Deletion;
import java.time.Clock;
import java.time.Duration;

/**
 * What lanes share to delete files that nothing names any more, when nothing is left to apply.
 *
 * @param applier is told when what it keeps in memory does not hold any more
 * @param groups knows of versions that are complete and not published yet
 * @param interval the time between two looks through a replica's folder
 * @param waits draws how long a look that failed is put off
 */
record LaneCleanup(
    Cleanups cleanups,
    Condemnation condemnation,
    Deletion deletion,
    PublishedMetadata published,
    VersionApplier applier,
    GroupPublisher groups,
    TaskPools pools,
    Clock clock,
    Duration interval,
    RetryWaits waits) {
  /** The work on one claim of a replica. */
  CleanupRun begin(Duration grace) {
    return new CleanupRun(this, grace);
  }

  /** A replica was published for the first time. */
  void remind(String replicaId) {
    cleanups.remind(replicaId, clock.instant().plus(interval));
  }

  /** Makes sure that every published replica is looked through some time. */
  void remind() {
    cleanups.remind(clock.instant().plus(interval));
  }
}
