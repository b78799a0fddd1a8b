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
 * @param manifestLists the rewritten manifest lists by snapshot id, of every snapshot that the
 *     previous version lacks
 */
public record MergeRequest(
    ObjectNode source,
    Optional<ReplicaVersion> previous,
    String metadataLocation,
    String folder,
    PathMapping mapping,
    Map<Long, String> manifestLists) {
  public MergeRequest {
    manifestLists = Map.copyOf(manifestLists);
  }
}
