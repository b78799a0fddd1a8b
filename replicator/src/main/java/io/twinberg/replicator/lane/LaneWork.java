package io.twinberg.replicator.lane;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.EntryKind;
import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.GroupPublisher;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.Replicas;
import io.twinberg.replica.SettingsChangedException;
import io.twinberg.replicator.mapping.LocationMapping;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.publish.Attempt;
import io.twinberg.replicator.publish.FileBeingDeletedException;
import io.twinberg.replicator.publish.PublishedMetadata;
import io.twinberg.replicator.publish.SourceFileMissingException;
import io.twinberg.replicator.publish.VersionApplier;
import io.twinberg.replicator.task.TaskPools;
import io.twinberg.replicator.view.ViewApplier;
import io.twinberg.storage.MissingObject;
import io.twinberg.wake.Wake;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lane does with a replica that it has claimed: version after version, each followed by its
 * pointer object.
 */
final class LaneWork {
  private static final Logger LOG = LoggerFactory.getLogger(LaneWork.class);

  private final Replicas replicas;
  private final VersionLog versions;
  private final VersionChooser chooser;
  private final VersionApplier applier;
  private final GroupPublisher groups;
  private final ViewApplier views;
  private final PublishedMetadata published;
  private final LaneExpiry expiry;
  private final TaskPools pools;
  private final LaneCleanup cleanup;
  private final LaneResync resync;
  private final PointerWriter pointers;
  private final BucketCheck bucket;
  private final Ends ends;
  private final Supplier<String> nonces;
  private final Wake wake;
  private final CrashPoints crashPoints;

  LaneWork(
      Replicas replicas,
      VersionLog versions,
      VersionChooser chooser,
      VersionApplier applier,
      GroupPublisher groups,
      ViewApplier views,
      PublishedMetadata published,
      LaneExpiry expiry,
      TaskPools pools,
      LaneCleanup cleanup,
      LaneResync resync,
      PointerWriter pointers,
      BucketCheck bucket,
      Ends ends,
      Supplier<String> nonces,
      Wake wake,
      CrashPoints crashPoints) {
    this.replicas = replicas;
    this.versions = versions;
    this.chooser = chooser;
    this.applier = applier;
    this.groups = groups;
    this.views = views;
    this.published = published;
    this.expiry = expiry;
    this.pools = pools;
    this.cleanup = cleanup;
    this.resync = resync;
    this.pointers = pointers;
    this.bucket = bucket;
    this.ends = ends;
    this.nonces = nonces;
    this.wake = wake;
    this.crashPoints = crashPoints;
  }

  /**
   * Applies what is waiting, until nothing is; what may write slowly only, with its own threads.
   */
  void run(Replica claimed, ClaimedWork work) throws InterruptedException {
    if (work.throttle().isEmpty()) {
      run(claimed, work, pools);
      return;
    }
    try (TaskPools own = pools.apart()) {
      run(claimed, work, own);
    }
  }

  private void run(Replica claimed, ClaimedWork work, TaskPools threads)
      throws InterruptedException {
    Lease lease = work.lease();
    WorkStop stop = work.stop();
    if (!ends.has(claimed.source(), claimed.destination())) {
      throw new EndMissingException(claimed);
    }
    Replica replica = bucket.compared(claimed, lease, ends.destination(claimed));
    Attempt attempt = attempt(replica, work, threads);
    crashPoints.passed(CrashPoint.CLAIMED);
    // Nothing may be done to a replica whose next version is complete, and waits for its group.
    boolean waits = groups.takeOver(replica, lease);
    try (CleanupRun cleaning = cleanup.begin(ends.grace(replica))) {
      Optional<Attempt> next = waits ? Optional.of(attempt) : resynced(attempt, stop);
      long shown = replica.pointerGeneration();
      while (next.isPresent() && !wake.ended() && !stop.isStopped()) {
        shown = writePointer(next.get(), shown);
        next = waits ? Optional.empty() : step(next.get(), cleaning);
      }
    }
  }

  /**
   * Before anything else, since a version may need what is to be repaired. One that failed may have
   * been published all the same: the replica is read again, and nothing bears the failed one's
   * names. Empty when it was dropped meanwhile.
   */
  private Optional<Attempt> resynced(Attempt attempt, WorkStop stop) throws InterruptedException {
    Optional<String> operation = resync.askedBy(attempt.replica());
    if (operation.isEmpty()) {
      return Optional.of(attempt);
    }
    resync.run(attempt, operation.get(), stop);
    return readAgain(attempt);
  }

  private Optional<Attempt> readAgain(Attempt attempt) {
    return replicas.find(attempt.replica().id()).map(now -> next(attempt, now));
  }

  /** Applies what waits, and only then deletes what nothing names; empty when nothing is left. */
  private Optional<Attempt> step(Attempt attempt, CleanupRun cleaning) throws InterruptedException {
    Optional<Attempt> applied = Optional.empty();
    if (mayApply(attempt.replica())) {
      try {
        applied = applyNext(attempt);
      } catch (FileBeingDeletedException e) {
        if (!cleaning.finish(attempt)) {
          throw e;
        }
        applied = Optional.of(next(attempt, attempt.replica()));
      } catch (SettingsChangedException e) {
        LOG.info("version is decided anew replica={}: {}", attempt.replica().id(), e.getMessage());
        return readAgain(attempt);
      }
    }
    return applied.isEmpty() && cleaning.step(attempt) ? Optional.of(attempt) : applied;
  }

  /**
   * Somebody may have paused or archived it since the last look. What was committed before a table
   * was dropped is applied still.
   */
  private static boolean mayApply(Replica replica) {
    boolean follows =
        replica.lifecycle() == ReplicaLifecycle.ACTIVE
            || replica.lifecycle() == ReplicaLifecycle.SOURCE_DROPPED;
    return follows && !replica.paused();
  }

  private Attempt attempt(Replica replica, ClaimedWork work, TaskPools threads) {
    LocationMapping mapping =
        new LocationMapping(
            replica.folder(),
            replicas.mapping(replica.id()),
            ends.allowedLocations().get(replica.source()));
    return new Attempt(
        replica,
        work.lease(),
        nonces.get(),
        new StoppableStore(ends.source(replica), work.stop()),
        work.into(ends.destination(replica)),
        mapping,
        threads,
        ends.retention(replica),
        work.transfer());
  }

  /** The same claim, for its next version; the rule's retention may be another one by now. */
  private Attempt next(Attempt attempt, Replica replica) {
    return attempt.next(replica, nonces.get(), ends.retention(replica));
  }

  private Optional<Attempt> applyNext(Attempt attempt) throws InterruptedException {
    return attempt.replica().kind() == EntryKind.VIEW
        ? views.applyNext(attempt).map(moved -> applied(attempt, moved))
        : applyNextOfTable(attempt);
  }

  private Optional<Attempt> applyNextOfTable(Attempt attempt) throws InterruptedException {
    Optional<ReplicaVersion> previous = published.of(attempt.replica(), attempt.destination());
    Lost lost = new Lost();
    Optional<Choice> choice = choose(attempt, previous, lost);
    if (choice.isEmpty()) {
      // What is committed meanwhile goes before history.
      choice = chooser.again(attempt.replica(), attempt.source());
    }
    while (choice.isPresent()) {
      try {
        return apply(attempt, choice.get(), previous);
      } catch (SourceFileMissingException e) {
        if (!MissingObject.isConfirmed(e.missing(), attempt.source())) {
          throw e.missing();
        }
        // Expired at the source before we came to it: a version without it will do.
        lost.add(e);
        choice = choose(attempt, previous, lost);
        if (choice.isEmpty()) {
          throw e.missing();
        }
        attempt = next(attempt, attempt.replica());
      }
    }
    Attempt idle = attempt;
    if (idle.replica().lifecycle() != ReplicaLifecycle.ACTIVE) {
      return Optional.empty();
    }
    return expiry.look(idle, previous).map(left -> next(idle, left));
  }

  private Optional<Choice> choose(Attempt attempt, Optional<ReplicaVersion> previous, Lost lost) {
    return chooser.next(attempt.replica(), snapshots(previous), lost, attempt.source());
  }

  private Optional<Attempt> apply(Attempt attempt, Choice choice, Optional<ReplicaVersion> previous)
      throws InterruptedException {
    Replica replica = attempt.replica();
    choice.gap().ifPresent(reason -> recordGap(replica, choice.version(), reason));
    return applier
        .apply(attempt, choice.version(), choice.metadata(), previous)
        .map(moved -> applied(attempt, moved));
  }

  private Attempt applied(Attempt attempt, Replica moved) {
    LOG.info(
        "version applied replica={} table={} destination={} position={} generation={}",
        moved.id(),
        moved.name(),
        moved.destination(),
        moved.position(),
        moved.generation());
    versions.trim(moved.tableId(), attempt.replica().position());
    if (attempt.replica().generation() == 0) {
      cleanup.remind(moved.id());
    }
    return next(attempt, moved);
  }

  private void recordGap(Replica replica, TableVersion version, String reason) {
    LOG.warn(
        "gap replica={} after={} before={}: {}",
        replica.id(),
        replica.position(),
        version.position(),
        reason);
    versions.gap(replica.tableId(), replica.position(), version.position(), reason);
  }

  private static Set<Long> snapshots(Optional<ReplicaVersion> version) {
    Set<Long> ids = new HashSet<>();
    version.ifPresent(
        published ->
            published
                .tree()
                .path("snapshots")
                .forEach(snapshot -> ids.add(snapshot.path("snapshot-id").asLong())));
    return ids;
  }

  /**
   * Off the critical path: the version is readable already; a crash before this leaves the row that
   * says so.
   *
   * @param shown the generation that the last pointer object shows; it is the replica's afterwards
   */
  private long writePointer(Attempt attempt, long shown) {
    if (shown < attempt.replica().generation()) {
      pointers.write(attempt.replica(), attempt.destination());
      crashPoints.passed(CrashPoint.POINTER_WRITTEN);
    }
    return attempt.replica().generation();
  }
}
