package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which snapshots a replica keeps: those that are young enough, those that a ref names, and of each
 * branch the latest few. A pure function of metadata and time, so that what was expired stays away
 * for as long as no ref comes to need it.
 */
public record ReplicaRetention(Duration maxSnapshotAge, int minSnapshotsToKeep) {
  // Snapshots of a busy table would come due one by one; so many times an age is enough.
  private static final int LOOKS_PER_AGE = 10;
  private static final Duration RAREST_LOOK = Duration.ofHours(1);

  /** Rejects what would keep nothing. */
  public ReplicaRetention {
    if (maxSnapshotAge.isNegative() || minSnapshotsToKeep < 1) {
      throw new IllegalArgumentException(
          "not a retention: " + maxSnapshotAge + ", " + minSnapshotsToKeep);
    }
  }

  /**
   * What a version of the source, together with what the replica holds, has too much; all of it
   * when the replica has no retention: none.
   */
  public static Expiry expiry(
      Optional<ReplicaRetention> retention,
      ObjectNode source,
      Optional<ObjectNode> previous,
      Instant now) {
    return retention
        .map(bounds -> new Expiry(true, bounds.expired(united(source, previous), source, now)))
        .orElse(Expiry.NONE);
  }

  /** The snapshots of published metadata that have come due. */
  public Set<Long> expired(ObjectNode tree, Instant now) {
    return expired(united(tree, Optional.empty()), tree, now);
  }

  /** When the next snapshot of published metadata comes due; empty if none ever will. */
  public Optional<Instant> nextDue(ObjectNode tree, Instant now) {
    Map<Long, ObjectNode> snapshots = united(tree, Optional.empty());
    snapshots.keySet().removeAll(needed(snapshots, tree));
    return snapshots.values().stream()
        .map(this::dueAt)
        .min(Instant::compareTo)
        .map(due -> later(due, now.plus(pause())));
  }

  private Duration pause() {
    Duration part = maxSnapshotAge.dividedBy(LOOKS_PER_AGE);
    Duration pause = part.compareTo(RAREST_LOOK) > 0 ? RAREST_LOOK : part;
    return pause.isZero() ? Duration.ofMillis(1) : pause;
  }

  private static Instant later(Instant some, Instant other) {
    return some.isAfter(other) ? some : other;
  }

  private Set<Long> expired(Map<Long, ObjectNode> snapshots, ObjectNode refs, Instant now) {
    Set<Long> expired = new HashSet<>(snapshots.keySet());
    expired.removeAll(needed(snapshots, refs));
    expired.removeIf(id -> dueAt(snapshots.get(id)).isAfter(now));
    return expired;
  }

  private Instant dueAt(ObjectNode snapshot) {
    return Instant.ofEpochMilli(Json.requireLong(snapshot, "timestamp-ms")).plus(maxSnapshotAge);
  }

  private static Map<Long, ObjectNode> united(ObjectNode source, Optional<ObjectNode> previous) {
    Map<Long, ObjectNode> united = Json.byId(source, "snapshots", "snapshot-id");
    previous.ifPresent(
        held -> Json.byId(held, "snapshots", "snapshot-id").forEach(united::putIfAbsent));
    return united;
  }

  /** Whatever their age: the heads of refs, and the latest snapshots of branches. */
  private Set<Long> needed(Map<Long, ObjectNode> snapshots, ObjectNode tree) {
    Set<Long> needed = new HashSet<>();
    // Metadata of early writers has no refs: the current snapshot is their main branch.
    keepBranch(snapshots, Json.longOr(tree, "current-snapshot-id", -1), needed);
    for (JsonNode ref : tree.path("refs")) {
      long head = Json.requireLong(ref, "snapshot-id");
      needed.add(head);
      if ("branch".equals(ref.path("type").asText())) {
        keepBranch(snapshots, head, needed);
      }
    }
    return needed;
  }

  private void keepBranch(Map<Long, ObjectNode> snapshots, long head, Set<Long> needed) {
    @Nullable ObjectNode snapshot = snapshots.get(head);
    for (int kept = 0; kept < minSnapshotsToKeep && snapshot != null; kept++) {
      needed.add(Json.requireLong(snapshot, "snapshot-id"));
      snapshot = snapshots.get(Json.longOr(snapshot, "parent-snapshot-id", -1));
    }
  }
}
