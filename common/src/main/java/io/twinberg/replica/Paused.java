package io.twinberg.replica;

import java.util.Optional;

/**
 * What one pause takes in, now and in future; an empty member takes all.
 *
 * @param replicaId given alone
 */
public record Paused(
    Optional<String> source, Optional<String> destination, Optional<String> replicaId) {
  /** Everything. */
  public static final Paused ALL = new Paused(Optional.empty(), Optional.empty(), Optional.empty());

  /** Refuses a replica beside anything else. */
  public Paused {
    if (replicaId.isPresent() && (source.isPresent() || destination.isPresent())) {
      throw new IllegalArgumentException("a replica has one source and one destination");
    }
  }

  /** One replica. */
  public static Paused replica(String id) {
    return new Paused(Optional.empty(), Optional.empty(), Optional.of(id));
  }

  /** How much that is. */
  public PauseScope scope() {
    if (replicaId.isPresent()) {
      return PauseScope.TABLE;
    }
    if (source.isPresent()) {
      return destination.isPresent() ? PauseScope.SOURCE_AT_DESTINATION : PauseScope.SOURCE;
    }
    return destination.isPresent() ? PauseScope.DESTINATION : PauseScope.ALL;
  }
}
