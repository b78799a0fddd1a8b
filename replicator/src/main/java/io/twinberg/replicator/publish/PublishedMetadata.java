package io.twinberg.replicator.publish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.source.MetadataJson;
import io.twinberg.storage.ObjectStore;
import java.util.Optional;

/**
 * What replicas published last, kept in memory so that an increment need neither read it back nor
 * parse it again. A tree that is handed out is not changed by anybody.
 */
public final class PublishedMetadata {
  /** How much larger a tree is than its JSON, about. */
  private static final int TREE_FACTOR = 8;

  // By replica and not by location: what a replica has left behind would stand in the way of what
  // it publishes next, since the caches keep what is asked for often rather than what is new.
  private final Cache<String, Bytes> bytes;
  private final Cache<String, Tree> trees;
  private final MetadataFiles files;

  private record Bytes(String location, byte[] json) {}

  private record Tree(String location, ObjectNode root, int jsonBytes) {}

  /**
   * @param weightInBytes how much is kept over all replicas as bytes, and again as trees
   */
  public PublishedMetadata(long weightInBytes, MetadataFiles files) {
    this.bytes =
        Caffeine.newBuilder()
            .maximumWeight(weightInBytes)
            .weigher((String replica, Bytes metadata) -> metadata.json().length)
            .build();
    this.trees =
        Caffeine.newBuilder()
            .maximumWeight(weightInBytes / TREE_FACTOR)
            .weigher((String replica, Tree tree) -> tree.jsonBytes())
            .build();
    this.files = files;
  }

  /** The replica's current metadata; empty before its first publication. */
  public Optional<ReplicaVersion> of(Replica replica, ObjectStore destination) {
    return replica
        .metadataLocation()
        .map(location -> new ReplicaVersion(location, tree(replica.id(), location, destination)));
  }

  private ObjectNode tree(String replicaId, String location, ObjectStore destination) {
    Tree kept = trees.getIfPresent(replicaId);
    return kept == null || !kept.location().equals(location)
        ? MetadataJson.parse(bytes(replicaId, location, destination))
        : kept.root();
  }

  private byte[] bytes(String replicaId, String location, ObjectStore destination) {
    Bytes kept = bytes.getIfPresent(replicaId);
    if (kept == null || !kept.location().equals(location)) {
      kept = new Bytes(location, files.read(destination, location));
      bytes.put(replicaId, kept);
    }
    return kept.json();
  }

  /** Refuses metadata that {@link #of} could not read back. */
  void requireReadable(String location, long lengthInBytes) {
    files.requireWithin(location, lengthInBytes);
  }

  /** Keeps the metadata that a replica has published at a location. */
  void remember(String replicaId, String location, WrittenMetadata metadata) {
    bytes.put(replicaId, new Bytes(location, metadata.bytes()));
    trees.put(replicaId, new Tree(location, metadata.tree(), metadata.bytes().length));
  }
}
