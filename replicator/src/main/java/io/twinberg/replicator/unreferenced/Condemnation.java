package io.twinberg.replicator.unreferenced;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.CondemnedFiles;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Ledger;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.merge.ReplicaVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Condemns what a look through a replica's folder found. Its caller works on the replica under the
 * lease and has nothing left to apply, so that nothing but the published version needs a file.
 */
public final class Condemnation {
  private static final int BATCH = 500;

  private final Ledger ledger;
  private final CondemnedFiles condemned;
  private final CrashPoints crashPoints;

  /** The condemnations of one process; all lanes share it. */
  public Condemnation(Ledger ledger, CondemnedFiles condemned, CrashPoints crashPoints) {
    this.ledger = ledger;
    this.condemned = condemned;
    this.crashPoints = crashPoints;
  }

  /**
   * Condemns what the version that is published now does not reach either, and returns how many
   * files that are.
   *
   * @param published that version, if it is one of a table
   * @throws BucketAheadException when the bucket shows a later generation than the database
   *     <p>The ledger comes first: a manifest that it vouches for may be used again as long as it
   *     does, with everything under it. A crash between leaves files that the next look finds.
   */
  public int carryOut(
      Replica replica, Lease lease, Optional<ReplicaVersion> published, FolderScan.Found found) {
    if (found.pointer() > replica.generation()) {
      throw new BucketAheadException(replica, found.pointer());
    }
    String replicaId = replica.id();
    ReachedPaths reached = found.reached();
    replica.metadataLocation().ifPresent(reached::add);
    published.ifPresent(reached::add);
    List<String> unneeded = new ArrayList<>();
    ledger.each(
        replicaId,
        entry -> {
          if (!reached.contains(entry.targetPath())) {
            unneeded.add(entry.sourcePath());
          }
        });
    inBatches(unneeded, batch -> ledger.remove(replicaId, lease, batch));
    crashPoints.passed(CrashPoint.UNVOUCHED);
    List<String> files = found.suspects().stream().filter(path -> !reached.contains(path)).toList();
    inBatches(files, batch -> condemned.condemn(replicaId, lease, batch));
    crashPoints.passed(CrashPoint.CONDEMNED);
    return files.size();
  }

  private static void inBatches(List<String> all, Consumer<List<String>> work) {
    for (int from = 0; from < all.size(); from += BATCH) {
      work.accept(all.subList(from, Math.min(all.size(), from + BATCH)));
    }
  }
}
