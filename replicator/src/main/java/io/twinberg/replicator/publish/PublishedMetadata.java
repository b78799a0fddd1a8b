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

  private final Cache<String, byte[]> bytes;
  private final Cache<String, Tree> trees;
  private final MetadataFiles files;

  private record Tree(ObjectNode root, int jsonBytes) {}

  /**
   * @param weightInBytes how much is kept over all replicas as bytes, and again as trees
   */
  public PublishedMetadata(long weightInBytes, MetadataFiles files) {
    this.bytes =
        Caffeine.newBuilder()
            .maximumWeight(weightInBytes)
            .weigher((String location, byte[] metadata) -> metadata.length)
            .build();
    this.trees =
        Caffeine.newBuilder()
            .maximumWeight(weightInBytes / TREE_FACTOR)
            .weigher((String location, Tree tree) -> tree.jsonBytes())
            .build();
    this.files = files;
  }

  /** The replica's current metadata; empty before its first publication. */
  public Optional<ReplicaVersion> of(Replica replica, ObjectStore destination) {
    return replica
        .metadataLocation()
        .map(location -> new ReplicaVersion(location, tree(location, destination)));
  }

  private ObjectNode tree(String location, ObjectStore destination) {
    Tree kept = trees.getIfPresent(location);
    return kept == null
        ? MetadataJson.parse(bytes.get(location, key -> files.read(destination, key)))
        : kept.root();
  }

  /** Refuses metadata that {@link #of} could not read back. */
  void requireReadable(String location, long lengthInBytes) {
    files.requireWithin(location, lengthInBytes);
  }

  /** Keeps the metadata that stands at a location. */
  void remember(String location, WrittenMetadata metadata) {
    bytes.put(location, metadata.bytes());
    trees.put(location, new Tree(metadata.tree(), metadata.bytes().length));
  }
}
