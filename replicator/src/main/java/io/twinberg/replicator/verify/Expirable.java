package io.twinberg.replicator.verify;

import io.twinberg.config.RefSelection;
import io.twinberg.config.Retention;
import java.time.Instant;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Which of the source's snapshots a replica may lack: those that its retention lets go, which no
 * ref names and which are not among the latest of a branch; those that no ref of the replica
 * reaches; and history that is still on its way, since the replica began with the heads of refs.
 */
final class Expirable {
  private final Retention retention;
  private final OptionalLong historyThrough;
  private final RefSelection refs;
  private final TableMetadata source;
  private final Instant now;

  Expirable(Subject subject, TableMetadata source, Instant now) {
    this.retention = subject.retention();
    this.historyThrough = subject.historyThrough();
    this.refs = subject.refs();
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
    if (refs instanceof RefSelection.Named) {
      unreached(expirable);
    }
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

  private void unreached(Set<Long> expirable) {
    Set<Long> reached = needed(Integer.MAX_VALUE);
    source.snapshots().stream()
        .map(Snapshot::snapshotId)
        .filter(id -> !reached.contains(id))
        .forEach(expirable::add);
  }

  /** Whether the replica has a ref of the source. */
  static boolean isSelected(RefSelection refs, String name, boolean branch) {
    return branch ? refs.hasBranch(name) : refs.hasTag(name);
  }

  private Set<Long> needed(int latest) {
    Set<Long> needed = new HashSet<>();
    source
        .refs()
        .forEach(
            (name, ref) -> {
              if (isSelected(refs, name, ref.isBranch())) {
                needed.add(ref.snapshotId());
                branch(source.snapshot(ref.snapshotId()), ref.isBranch() ? latest : 1, needed);
              }
            });
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
