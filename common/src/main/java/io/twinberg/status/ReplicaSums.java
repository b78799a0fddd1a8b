package io.twinberg.status;

import io.twinberg.replica.ReplicaLifecycle;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How some replicas stand together.
 *
 * @param counts how many there are in each state; states without any are there with 0
 * @param maxLag the longest lag among them
 * @param pendingVersions how many versions wait to be applied, over all of them
 */
public record ReplicaSums(Map<ReplicaState, Long> counts, Duration maxLag, long pendingVersions) {
  /** Those of no replicas. */
  public static final ReplicaSums NONE = of(List.of(), Instant.EPOCH);

  /** Copies the map. */
  public ReplicaSums {
    counts = Map.copyOf(counts);
  }

  /** What is archived or dropped at the source never catches up, so it adds nothing to the lag. */
  static ReplicaSums of(List<ListedReplica> replicas, Instant now) {
    List<ListedReplica> active =
        replicas.stream()
            .filter(replica -> replica.lifecycle() == ReplicaLifecycle.ACTIVE)
            .toList();
    Duration lag =
        active.stream()
            .flatMap(replica -> replica.lagSince().stream())
            .min(Instant::compareTo)
            .filter(now::isAfter)
            .map(oldest -> Duration.between(oldest, now))
            .orElse(Duration.ZERO);
    long versions = active.stream().mapToLong(ListedReplica::lagVersions).sum();
    return new ReplicaSums(counts(replicas), lag, versions);
  }

  static Map<ReplicaState, Long> counts(List<ListedReplica> replicas) {
    Map<ReplicaState, Long> counts = new EnumMap<>(ReplicaState.class);
    for (ReplicaState state : ReplicaState.values()) {
      counts.put(state, 0L);
    }
    replicas.forEach(replica -> counts.merge(replica.state(), 1L, Long::sum));
    return counts;
  }
}
