package io.twinberg.status;

import java.util.Optional;

/** Which replicas are asked for; an empty member takes all. */
public record StatusFilter(
    Optional<String> source, Optional<String> destination, Optional<ReplicaState> state) {
  /** All replicas. */
  public static final StatusFilter ALL =
      new StatusFilter(Optional.empty(), Optional.empty(), Optional.empty());
}
