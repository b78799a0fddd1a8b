package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a replica's retention, its refs and its backfill leave out of a version. Decided once for a
 * version, so that nothing is copied that is then left out, and nothing is kept that was not
 * copied.
 *
 * @param bounded whether the replica has a bounded retention, and so forgets schemas and partition
 *     specs that it kept for nothing but expired snapshots
 * @param snapshots the snapshots that are left out
 */
public record Expiry(boolean bounded, Set<Long> snapshots) {
  /** Everything is kept. */
  public static final Expiry NONE = new Expiry(false, Set.of());

  /** Copies the set. */
  public Expiry {
    snapshots = Set.copyOf(snapshots);
  }

  /** This, and other snapshots that are left out. */
  public Expiry and(Set<Long> others) {
    Set<Long> all = new HashSet<>(snapshots);
    all.addAll(others);
    return new Expiry(bounded, all);
  }

  boolean takes(ObjectNode withSnapshotId) {
    return snapshots.contains(Json.requireLong(withSnapshotId, "snapshot-id"));
  }

  /** Takes the snapshots and all files of statistics about them out of a tree. */
  void apply(ObjectNode tree) {
    for (String field : List.of("snapshots", "statistics", "partition-statistics")) {
      Json.replace(
          tree,
          field,
          Json.objects(tree, field).stream().filter(object -> !takes(object)).toList());
    }
  }

  /** A log of snapshots without everything up to the last expired one, as the table format asks. */
  List<ObjectNode> trimmed(List<ObjectNode> snapshotLog) {
    int from = snapshotLog.size();
    while (from > 0 && !takes(snapshotLog.get(from - 1))) {
      from--;
    }
    return snapshotLog.subList(from, snapshotLog.size());
  }
}
