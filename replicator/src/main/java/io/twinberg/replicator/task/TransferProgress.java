package io.twinberg.replicator.task;

import io.twinberg.replica.ReplicaProgress;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what has been brought of one version, by whatever threads bring it, for whoever looks. */
public final class TransferProgress {
  private static final long UNKNOWN = -1;

  private final long position;
  private final Instant startedAt;
  private final int snapshots;
  private final AtomicInteger snapshotsDone = new AtomicInteger();
  private final LongAdder files = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final AtomicLong plannedFiles = new AtomicLong();
  private final AtomicLong plannedBytes = new AtomicLong();

  /**
   * Nothing is brought yet.
   *
   * @param snapshots how many snapshots the replica lacks of the version
   */
  public TransferProgress(long position, Instant startedAt, int snapshots) {
    this.position = position;
    this.startedAt = startedAt;
    this.snapshots = snapshots;
  }

  /** One more snapshot has been planned; what is not known of one, is not known of all. */
  public void planned(OptionalLong moreFiles, OptionalLong moreBytes) {
    add(plannedFiles, moreFiles);
    add(plannedBytes, moreBytes);
  }

  private static void add(AtomicLong sum, OptionalLong more) {
    sum.updateAndGet(now -> now == UNKNOWN || more.isEmpty() ? UNKNOWN : now + more.getAsLong());
  }

  /** One more snapshot is at the destination, but for what is still on its way. */
  public void snapshotDone() {
    snapshotsDone.incrementAndGet();
  }

  /** One more file that an entry names is at the destination. */
  void fileDone() {
    files.increment();
  }

  /** So much has been copied or rewritten. */
  void copied(long more) {
    bytes.add(more);
  }

  /** How far it is. */
  public ReplicaProgress at(Instant now) {
    return new ReplicaProgress(
        position,
        startedAt,
        now,
        snapshotsDone.get(),
        snapshots,
        files.sum(),
        known(plannedFiles),
        bytes.sum(),
        known(plannedBytes));
  }

  private static OptionalLong known(AtomicLong sum) {
    long value = sum.get();
    return value == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
