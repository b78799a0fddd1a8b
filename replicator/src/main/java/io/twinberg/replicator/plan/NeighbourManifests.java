package io.twinberg.replicator.plan;

import java.util.List;

/** Asks for the manifests of a snapshot as they stand at the destination. */
@FunctionalInterface
public interface NeighbourManifests {
  /** Their paths; none when the destination does not have the snapshot. */
  List<String> targets(long snapshotId);
}
