package io.twinberg.replicator.unreferenced;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.CondemnedFile;
import io.twinberg.replica.CondemnedFiles;
import io.twinberg.replica.Lease;
import io.twinberg.replicator.task.LocalTaskRunner;
import io.twinberg.replicator.task.TaskPools;
import io.twinberg.storage.Deadline;
import io.twinberg.storage.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Deletes condemned files, a batch at a time, under the lease of their replica.
 *
 * <p>A call that deletes cannot be called back. So the row says that it may be on its way before it
 * is; no call is sent later than {@link #SENT_WITHIN} after that, however long the process stands
 * still; and a file whose deletion did not end well is touched by nobody before {@link
 * #CALLED_BACK} has passed, when no store takes such a call any more: signatures are refused when
 * they are 15 minutes old, and its clock may differ from ours by as much.
 */
public final class Deletion {
  static final Duration SENT_WITHIN = Duration.ofMinutes(1);
  static final Duration CALLED_BACK = SENT_WITHIN.plus(Duration.ofMinutes(30));
  private static final int BATCH = 200;
  private static final Instant FOREVER = Instant.parse("9999-01-01T00:00:00Z");

  private final CondemnedFiles condemned;
  private final TaskPools pools;
  private final Clock clock;
  private final CrashPoints crashPoints;

  /** The deletions of one process; all lanes share it. */
  public Deletion(CondemnedFiles condemned, TaskPools pools, Clock clock, CrashPoints crashPoints) {
    this.condemned = condemned;
    this.pools = pools;
    this.clock = clock;
    this.crashPoints = crashPoints;
  }

  /**
   * Deletes some of the files that were condemned a grace time ago, and returns how many are gone.
   *
   * @throws io.twinberg.replica.LeaseLostException when another attempt has taken over
   */
  public int deleteDue(String replicaId, Lease lease, ObjectStore store, Duration grace)
      throws InterruptedException {
    List<String> due =
        condemned.condemnedUntil(replicaId, clock.instant().minus(grace), BATCH).stream()
            .map(CondemnedFile::path)
            .toList();
    return due.isEmpty() ? 0 : delete(replicaId, lease, store, due);
  }

  /** Deletes once more what an attempt that did not end was deleting, when that cannot hurt. */
  public int finish(String replicaId, Lease lease, ObjectStore store) throws InterruptedException {
    Instant calledBack = clock.instant().minus(CALLED_BACK);
    List<String> left =
        condemned.deletingUntil(replicaId, calledBack, BATCH).stream()
            .map(CondemnedFile::path)
            .toList();
    return left.isEmpty() ? 0 : delete(replicaId, lease, store, left);
  }

  /** When the next file of a replica comes due. */
  public Optional<Instant> nextDue(String replicaId, Duration grace) {
    return Stream.concat(
            condemned.condemnedUntil(replicaId, FOREVER, 1).stream()
                .map(file -> file.condemnedAt().plus(grace)),
            condemned.deletingUntil(replicaId, FOREVER, 1).stream()
                .flatMap(file -> file.deletingSince().stream())
                .map(since -> since.plus(CALLED_BACK)))
        .min(Comparator.naturalOrder());
  }

  private int delete(String replicaId, Lease lease, ObjectStore store, List<String> files)
      throws InterruptedException {
    // Before the row is written, whose time is not earlier.
    Deadline deadline = Deadline.in(SENT_WITHIN);
    condemned.deleting(replicaId, lease, files);
    crashPoints.passed(CrashPoint.DELETION_BEGUN);
    List<Future<String>> calls = new ArrayList<>();
    for (String file : files) {
      calls.add(
          pools.file(
              () -> {
                store.delete(file, deadline);
                return file;
              }));
    }
    Ended ended = await(calls);
    crashPoints.passed(CrashPoint.FILES_DELETED);
    condemned.gone(replicaId, lease, ended.gone());
    ended.failure().ifPresent(Deletion::raise);
    return files.size();
  }

  /** What came of a batch: a call that failed is no reason to wait for those that did not. */
  private record Ended(List<String> gone, Optional<RuntimeException> failure) {}

  private static Ended await(List<Future<String>> calls) throws InterruptedException {
    List<String> gone = new ArrayList<>();
    Optional<RuntimeException> failure = Optional.empty();
    for (Future<String> call : calls) {
      try {
        gone.add(call.get());
      } catch (ExecutionException e) {
        failure = Optional.of(LocalTaskRunner.unwrap(e));
      }
    }
    return new Ended(gone, failure);
  }

  private static void raise(RuntimeException failure) {
    throw failure;
  }
}
