package io.twinberg.replicator.verify;

import io.twinberg.config.Retention;
import java.time.Instant;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Which of the source's snapshots a replica may lack: those that its destination's retention lets
 * go, which no ref names and which are not among the latest of a branch; and history that is still
 * on its way, since the replica began with the heads of refs.
 */
final class Expirable {
  private final Retention retention;
  private final OptionalLong historyThrough;
  private final TableMetadata source;
  private final Instant now;

  Expirable(Subject subject, TableMetadata source, Instant now) {
    this.retention = subject.retention();
    this.historyThrough = subject.historyThrough();
    this.source = source;
    this.now = now;
  }

  Set<Long> snapshots() {
    Set<Long> expirable = new HashSet<>();
    if (retention instanceof Retention.Bounded bounded) {
      Instant oldest = now.minus(bounded.maxSnapshotAge());
      source.snapshots().stream()
          .filter(snapshot -> !Instant.ofEpochMilli(snapshot.timestampMillis()).isAfter(oldest))
          .forEach(snapshot -> expirable.add(snapshot.snapshotId()));
      expirable.removeAll(needed(bounded.minSnapshotsToKeep()));
    }
    onTheirWay(expirable);
    return expirable;
  }

  private void onTheirWay(Set<Long> expirable) {
    if (historyThrough.isPresent()) {
      Set<Long> heads = needed(1);
      source.snapshots().stream()
          .filter(snapshot -> snapshot.sequenceNumber() <= historyThrough.getAsLong())
          .filter(snapshot -> !heads.contains(snapshot.snapshotId()))
          .forEach(snapshot -> expirable.add(snapshot.snapshotId()));
    }
  }

  private Set<Long> needed(int latest) {
    Set<Long> needed = new HashSet<>();
    for (SnapshotRef ref : source.refs().values()) {
      needed.add(ref.snapshotId());
      if (ref.isBranch()) {
        branch(source.snapshot(ref.snapshotId()), latest, needed);
      }
    }
    branch(source.currentSnapshot(), latest, needed);
    return needed;
  }

  private void branch(@Nullable Snapshot head, int latest, Set<Long> needed) {
    Snapshot snapshot = head;
    for (int kept = 0; kept < latest && snapshot != null; kept++) {
      needed.add(snapshot.snapshotId());
      Long parent = snapshot.parentId();
      snapshot = parent == null ? null : source.snapshot(parent);
    }
  }
}
