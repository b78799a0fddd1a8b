package io.twinberg.replicator.publish;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.source.MetadataJson;
import io.twinberg.storage.ObjectStore;
import java.util.Optional;

/** What replicas published last, kept in memory so that an increment need not read it back. */
public final class PublishedMetadata {
  private final Cache<String, byte[]> byLocation;
  private final MetadataFiles files;

  /**
   * @param weightInBytes how much is kept over all replicas
   */
  public PublishedMetadata(long weightInBytes, MetadataFiles files) {
    this.byLocation =
        Caffeine.newBuilder()
            .maximumWeight(weightInBytes)
            .weigher((String location, byte[] metadata) -> metadata.length)
            .build();
    this.files = files;
  }

  /** The replica's current metadata; empty before its first publication. */
  public Optional<ReplicaVersion> of(Replica replica, ObjectStore destination) {
    return replica
        .metadataLocation()
        .map(
            location ->
                new ReplicaVersion(
                    location,
                    MetadataJson.parse(
                        byLocation.get(location, key -> files.read(destination, key)))));
  }

  /** Refuses metadata that {@link #of} could not read back. */
  void requireReadable(String location, long lengthInBytes) {
    files.requireWithin(location, lengthInBytes);
  }

  void remember(String location, byte[] metadata) {
    byLocation.put(location, metadata);
  }
}
