package io.twinberg.replicator.lane;

import io.twinberg.log.EntryKind;
import io.twinberg.replica.Cleanup;
import io.twinberg.replica.Lease;
import io.twinberg.replica.LeaseLostException;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.publish.Attempt;
import io.twinberg.replicator.task.LocalTaskRunner;
import io.twinberg.replicator.unreferenced.FolderScan;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what nothing names in one replica's folder, step by step, so that the lane looks for
 * commits between two steps. A failure of it is no failure of the replica: it is put off.
 */
final class CleanupRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CleanupRun.class);
  private static final Duration PUT_OFF = Duration.ofMinutes(5);
  private static final long STEP_MILLIS = 200;

  private final LaneCleanup shared;
  private final Duration grace;
  private @Nullable Future<FolderScan.Found> scan;

  CleanupRun(LaneCleanup shared, Duration grace) {
    this.shared = shared;
    this.grace = grace;
  }

  /** Takes a step on a replica that has nothing to apply; whether there is another one to take. */
  boolean step(Attempt attempt) throws InterruptedException {
    try {
      return scan == null ? begin(attempt) : go(attempt, scan);
    } catch (LeaseLostException e) {
      throw e;
    } catch (RuntimeException e) {
      putOff(attempt.replica(), e);
      return false;
    }
  }

  /**
   * Finishes what an attempt that did not end was deleting; whether anything is gone now that was
   * not before.
   */
  boolean finish(Attempt attempt) throws InterruptedException {
    Replica replica = attempt.replica();
    forget(replica);
    int gone = shared.deletion().finish(replica.id(), attempt.lease(), attempt.destination());
    return deleted(replica, gone);
  }

  private boolean begin(Attempt attempt) throws InterruptedException {
    Replica replica = attempt.replica();
    Instant now = shared.clock().instant();
    Optional<Cleanup> reminder =
        shared.cleanups().of(replica.id()).filter(cleanup -> !cleanup.dueAt().isAfter(now));
    if (reminder.isEmpty() || shared.groups().waits(replica.id())) {
      return false;
    }
    if (finish(attempt) || deleteDue(attempt)) {
      return true;
    }
    boolean early = reminder.get().lookAt().isAfter(now);
    if (reminder.get().sawAllOf(replica, attempt.lease())) {
      next(replica, looked(attempt, early ? reminder.get().lookAt() : now.plus(shared.interval())));
      return false;
    }
    if (early) {
      next(replica, reminder.get());
      return false;
    }
    scan =
        shared.pools().beside(new FolderScan(replica, shown(attempt), attempt.destination())::run);
    return true;
  }

  private boolean deleteDue(Attempt attempt) throws InterruptedException {
    Replica replica = attempt.replica();
    forget(replica);
    int gone =
        shared.deletion().deleteDue(replica.id(), attempt.lease(), attempt.destination(), grace);
    return deleted(replica, gone);
  }

  private boolean deleted(Replica replica, int gone) {
    if (gone == 0) {
      return false;
    }
    LOG.info(
        "unreferenced files deleted replica={} table={} destination={} files={}",
        replica.id(),
        replica.name(),
        replica.destination(),
        gone);
    return true;
  }

  /** Waits a little for the scan, and then condemns what it found. */
  private boolean go(Attempt attempt, Future<FolderScan.Found> running)
      throws InterruptedException {
    FolderScan.Found found;
    try {
      found = running.get(STEP_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return true;
    } catch (CancellationException e) {
      // The process ends.
      return false;
    } catch (ExecutionException e) {
      throw LocalTaskRunner.unwrap(e);
    }
    scan = null;
    if (shared.groups().waits(attempt.replica().id())) {
      // A version that is complete meanwhile needs files that nothing published names.
      return false;
    }
    condemn(attempt, found);
    return true;
  }

  private void condemn(Attempt attempt, FolderScan.Found found) {
    Replica replica = attempt.replica();
    forget(replica);
    int files = shared.condemnation().carryOut(replica, attempt.lease(), shown(attempt), found);
    Instant now = shared.clock().instant();
    next(replica, looked(attempt, found.complete() ? now.plus(shared.interval()) : now));
    LOG.info(
        "unreferenced files condemned replica={} table={} destination={} files={}",
        replica.id(),
        replica.name(),
        replica.destination(),
        files);
  }

  /** Before anything changes: whatever comes of it, what is kept in memory may not be believed. */
  private void forget(Replica replica) {
    shared.applier().forget(replica.id());
  }

  private Optional<ReplicaVersion> shown(Attempt attempt) {
    return attempt.replica().kind() == EntryKind.VIEW
        ? Optional.empty()
        : shared.published().of(attempt.replica(), attempt.destination());
  }

  private static Cleanup looked(Attempt attempt, Instant lookAt) {
    Lease lease = attempt.lease();
    return new Cleanup(lease.token(), attempt.replica().generation(), lookAt, lookAt);
  }

  /** Sets the time of the next step. */
  private void next(Replica replica, Cleanup cleanup) {
    Instant due =
        shared
            .deletion()
            .nextDue(replica.id(), grace)
            .filter(cleanup.lookAt()::isAfter)
            .orElse(cleanup.lookAt());
    put(replica, cleanup, due);
  }

  private void put(Replica replica, Cleanup cleanup, Instant due) {
    shared
        .cleanups()
        .put(
            replica.id(),
            new Cleanup(cleanup.seenToken(), cleanup.seenGeneration(), cleanup.lookAt(), due));
  }

  private void putOff(Replica replica, RuntimeException failure) {
    close();
    Duration longest = PUT_OFF.compareTo(shared.interval()) < 0 ? PUT_OFF : shared.interval();
    Duration wait = shared.waits().drawn(longest);
    LOG.warn(
        "unreferenced files stay for now replica={} table={} destination={} next-in={}: {}",
        replica.id(),
        replica.name(),
        replica.destination(),
        wait,
        failure.toString());
    shared
        .cleanups()
        .of(replica.id())
        .ifPresent(cleanup -> put(replica, cleanup, shared.clock().instant().plus(wait)));
  }

  /** Cuts off what is under way. */
  @Override
  public void close() {
    if (scan != null) {
      scan.cancel(true);
      scan = null;
    }
  }
}
