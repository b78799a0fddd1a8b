package io.twinberg.replicator.lane;

import io.twinberg.config.Retention;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.merge.ReplicaRetention;
import io.twinberg.storage.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The stores between which the replicator works, by the names of sources and destinations.
 *
 * @param sources for each source the store in which the files of a replica's table are
 * @param allowedLocations for each source the only locations that are read; none listed means that
 *     they are not known
 * @param retentions which snapshots are kept at destinations that do not keep all
 * @param graces for each destination how long files stay that nothing names any more
 */
public record Ends(
    Map<String, Function<Replica, ObjectStore>> sources,
    Map<String, List<String>> allowedLocations,
    Map<String, ObjectStore> destinations,
    Map<String, ReplicaRetention> retentions,
    Map<String, Duration> graces) {
  /** Copies the maps. */
  public Ends {
    sources = Map.copyOf(sources);
    allowedLocations = Map.copyOf(allowedLocations);
    destinations = Map.copyOf(destinations);
    retentions = Map.copyOf(retentions);
    graces = Map.copyOf(graces);
  }

  Duration grace(Replica replica) {
    return graces.get(replica.destination());
  }

  ObjectStore source(Replica replica) {
    return sources.get(replica.source()).apply(replica);
  }

  ObjectStore destination(Replica replica) {
    return destinations.get(replica.destination());
  }

  Optional<ReplicaRetention> retention(Replica replica) {
    return replica
        .settings()
        .retention()
        .map(Ends::bounds)
        .orElseGet(() -> Optional.ofNullable(retentions.get(replica.destination())));
  }

  /** What a retention lets go; empty for nothing. */
  static Optional<ReplicaRetention> bounds(Retention retention) {
    return retention instanceof Retention.Bounded bounded
        ? Optional.of(new ReplicaRetention(bounded.maxSnapshotAge(), bounded.minSnapshotsToKeep()))
        : Optional.empty();
  }

  /** Whether both ends of a replica are configured. */
  boolean has(String source, String destination) {
    return sources.containsKey(source) && destinations.containsKey(destination);
  }
}
