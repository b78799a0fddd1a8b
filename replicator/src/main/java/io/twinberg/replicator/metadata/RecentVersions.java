package io.twinberg.replicator.metadata;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The newest versions that this process has just logged: the lane that applies one need not read it
 * from the log again. Only a shortcut: a row of the log says what there is to apply, and holds the
 * same bytes.
 */
public final class RecentVersions {
  /** Lanes that are further behind than this read the log. */
  private static final int MOST_OF_A_TABLE = 8;

  /** A version's metadata file, and what it says. */
  public record Logged(byte[] metadata, MetadataFacts facts) {}

  private record Version(String metadataLocation, Logged content) {}

  /** Newest first; never changed, since the cache weighs it once. */
  private record Chain(Deque<Version> versions) {
    Chain with(Version next) {
      Deque<Version> longer = new ArrayDeque<>(versions);
      longer.addFirst(next);
      while (longer.size() > MOST_OF_A_TABLE) {
        longer.removeLast();
      }
      return new Chain(longer);
    }

    int weight() {
      return versions.stream().mapToInt(version -> version.content().metadata().length).sum();
    }
  }

  // By table: the cache keeps what is asked for often rather than what is new, so that versions of
  // their own would find no place beside those that nobody needs any more.
  private final Cache<Long, Chain> kept;

  /**
   * @param weightInBytes how much metadata is kept
   */
  public RecentVersions(long weightInBytes) {
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(weightInBytes)
            .weigher((Long table, Chain chain) -> chain.weight())
            .build();
  }

  /** Keeps a version that the log has by now: a chain has one version of a location. */
  public void logged(long tableId, String metadataLocation, Logged version) {
    Version next = new Version(metadataLocation, version);
    kept.asMap()
        .merge(
            tableId, new Chain(new ArrayDeque<>()).with(next), (before, only) -> before.with(next));
  }

  /** A version of a table, if it was logged here not long ago. */
  public Optional<Logged> find(long tableId, String metadataLocation) {
    return Optional.ofNullable(kept.getIfPresent(tableId)).stream()
        .flatMap(chain -> chain.versions().stream())
        .filter(version -> version.metadataLocation().equals(metadataLocation))
        .findFirst()
        .map(Version::content);
  }
}
