package io.twinberg.replicator.metadata;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;

/**
 * Versions that this process has just logged: the lane that applies one need not read it from the
 * log again. Only a shortcut: a row of the log says what there is to apply, and holds the same
 * bytes.
 */
public final class RecentVersions {
  private record Key(long tableId, String metadataLocation) {}

  /** A version's metadata file, and what it says. */
  public record Logged(byte[] metadata, MetadataFacts facts) {}

  private final Cache<Key, Logged> kept;

  /**
   * @param weightInBytes how much metadata is kept
   */
  public RecentVersions(long weightInBytes) {
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(weightInBytes)
            .weigher((Key key, Logged version) -> version.metadata().length)
            .build();
  }

  /** Keeps a version that the log has by now: a chain has one version of a location. */
  public void logged(long tableId, String metadataLocation, Logged version) {
    kept.put(new Key(tableId, metadataLocation), version);
  }

  /** A version of a table, if it was logged here not long ago. */
  public Optional<Logged> find(long tableId, String metadataLocation) {
    return Optional.ofNullable(kept.getIfPresent(new Key(tableId, metadataLocation)));
  }
}
