package io.twinberg.replicator.operation;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.DroppedReplica;
import io.twinberg.replica.DroppedReplicas;
import io.twinberg.replica.ErrorCode;
import io.twinberg.replica.Pauses;
import io.twinberg.replicator.pointer.PointerObjects;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.replicator.unreferenced.FolderRemoval;
import io.twinberg.replicator.verify.StoppedException;
import io.twinberg.storage.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * Removes the files of dropped replicas: the pointer objects at once, so that no recovery brings
 * the replica back, and all others after the destination's grace time for readers. Each step may be
 * taken again; whatever hinders it puts it off.
 */
final class DroppedFiles {
  private static final Duration HINDERED = Duration.ofMinutes(1);

  /** The clock may be set, and the grace time end earlier than it looked. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

  /** Those that wait in the same queue get their turn. */
  private static final Duration TURN = Duration.ofSeconds(30);

  private static final Duration OTHERS_TURN = Duration.ofSeconds(1);

  private final DroppedReplicas dropped;
  private final Pauses pauses;
  private final ExecutorService threads;
  private final Clock clock;
  private final CrashPoints crashPoints;

  DroppedFiles(
      DroppedReplicas dropped,
      Pauses pauses,
      ExecutorService threads,
      Clock clock,
      CrashPoints crashPoints) {
    this.dropped = dropped;
    this.pauses = pauses;
    this.threads = threads;
    this.clock = clock;
    this.crashPoints = crashPoints;
  }

  /**
   * Goes on as far as it can, and returns how many files were removed once none is left.
   *
   * @throws PutOffException when it has to wait
   */
  long remove(
      DroppedReplica replica,
      Map<String, ReplicatorEnds.Destination> destinations,
      RunningOperation running)
      throws InterruptedException {
    ReplicatorEnds.Destination destination = destinations.get(replica.destination());
    if (destination == null) {
      throw hindered(
          replica,
          "%s: the destination is not in the configuration any more"
              .formatted(ErrorCode.END_MISSING));
    }
    requireUnpaused(replica);
    try {
      dropped.removed(
          replica.replicaId(), new PointerObjects(destination.store()).removeAll(replica.folder()));
      crashPoints.passed(CrashPoint.REPLICA_POINTERS_REMOVED);
      awaitReaders(replica, destination.deletionGrace());
      return removeAll(replica, destination, running);
    } catch (StoreException e) {
      throw hindered(replica, "%s: %s".formatted(code(e), e.getMessage()));
    } catch (RejectedExecutionException e) {
      throw new StoppedException("the process ends");
    }
  }

  private void requireUnpaused(DroppedReplica replica) {
    if (pauses.takesIn(replica.source(), replica.destination())) {
      throw hindered(replica, "it is paused: resume it first");
    }
  }

  private void awaitReaders(DroppedReplica replica, Duration grace) {
    Instant due = replica.droppedAt().plus(grace);
    Duration left = Duration.between(clock.instant(), due);
    if (left.compareTo(Duration.ZERO) > 0) {
      throw new PutOffException(
          left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT,
          "%s at %s is dropped; its files are removed from %s on, since readers may have them open until then"
              .formatted(replica.name(), replica.destination(), due));
    }
  }

  private long removeAll(
      DroppedReplica replica, ReplicatorEnds.Destination destination, RunningOperation running)
      throws InterruptedException {
    FolderRemoval folder = new FolderRemoval(replica.folder(), destination.store(), threads);
    long removed = dropped.removed(replica.replicaId(), 0);
    FolderRemoval.Left left = folder.left();
    while (!left.next().isEmpty()) {
      removed = remove(replica, folder, left, removed, running);
      left = folder.left();
    }
    return removed;
  }

  private long remove(
      DroppedReplica replica,
      FolderRemoval folder,
      FolderRemoval.Left left,
      long before,
      RunningOperation running)
      throws InterruptedException {
    long began = System.nanoTime();
    long known = before + left.all();
    long removed = before;
    List<String> files = left.next();
    for (int from = 0; from < files.size(); from += FolderRemoval.BATCH) {
      List<String> batch = files.subList(from, Math.min(files.size(), from + FolderRemoval.BATCH));
      running.at(progress(removed, known));
      requireUnpaused(replica);
      folder.remove(batch);
      removed = dropped.removed(replica.replicaId(), batch.size());
    }
    if (removed < known && System.nanoTime() - began > TURN.toNanos()) {
      throw new PutOffException(OTHERS_TURN, progress(removed, known));
    }
    return removed;
  }

  private static String progress(long removed, long known) {
    return "%d of %d files removed".formatted(removed, known);
  }

  private static PutOffException hindered(DroppedReplica replica, String why) {
    return new PutOffException(
        HINDERED,
        "%s at %s is dropped; its files stay for now, tried again in a minute: %s"
            .formatted(replica.name(), replica.destination(), why));
  }

  private static ErrorCode code(StoreException e) {
    return switch (e.kind()) {
      case MISSING -> ErrorCode.DESTINATION_FILE_MISSING;
      case DENIED -> ErrorCode.DESTINATION_DENIED;
      case THROTTLED -> ErrorCode.DESTINATION_THROTTLED;
      case UNAVAILABLE -> ErrorCode.DESTINATION_UNAVAILABLE;
      case CORRUPT -> ErrorCode.CORRUPT;
      case INVALID -> ErrorCode.DESTINATION_INVALID;
    };
  }
}
