package io.twinberg.status;

import io.twinberg.replica.ReplicaLifecycle;
import java.time.Duration;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;

/**
 * Which replicas are asked for; an empty member takes all.
 *
 * @param namespace the namespace of the table at the source
 * @param tablePrefix what the table's name at the source begins with
 * @param tableContains what it holds anywhere
 * @param minLag only replicas that have lacked a version for at least as long
 */
public record StatusFilter(
    Optional<String> source,
    Optional<String> destination,
    Optional<ReplicaState> state,
    Optional<ReplicaLifecycle> lifecycle,
    Optional<Boolean> paused,
    Optional<Boolean> needsPerson,
    Optional<Namespace> namespace,
    Optional<String> tablePrefix,
    Optional<String> tableContains,
    Optional<Duration> minLag) {
  /** All replicas. */
  public static final StatusFilter ALL = of(Optional.empty(), Optional.empty(), Optional.empty());

  /** Replicas between a source and a destination in a state. */
  public static StatusFilter of(
      Optional<String> source, Optional<String> destination, Optional<ReplicaState> state) {
    return new StatusFilter(
        source,
        destination,
        state,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
