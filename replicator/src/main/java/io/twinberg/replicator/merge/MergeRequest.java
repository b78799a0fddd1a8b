package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replicator.rewrite.PathMapping;
import java.util.Map;
import java.util.Optional;

/**
 * What goes into one version of a replica.
 *
 * @param source the source's metadata of the version
 * @param previous what the replica last published; empty: this is its first version
 * @param metadataLocation where the new metadata will be written
 * @param folder the replica's folder, which becomes the table's location
 * @param mapping where files of the source lie in the folder
 * @param manifests the rewritten manifests by snapshot id: of every snapshot that the previous
 *     version lacks, and of those only the replica has whose partition specs move
 * @param movedSpecs the partition specs that move
 * @param expiry what the replica's retention leaves out
 */
public record MergeRequest(
    ObjectNode source,
    Optional<ReplicaVersion> previous,
    String metadataLocation,
    String folder,
    PathMapping mapping,
    Map<Long, SnapshotManifests> manifests,
    MovedSpecs movedSpecs,
    Expiry expiry) {
  /** Copies the map. */
  public MergeRequest {
    manifests = Map.copyOf(manifests);
  }
}
