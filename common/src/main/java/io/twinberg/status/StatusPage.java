package io.twinberg.status;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Some replicas in the order of their list, and where the next page goes on, if there is one.
 *
 * @param counts how many replicas of the whole list stand in each state; states without any are
 *     there with 0
 * @param listedAt when it was read which replicas there are and how they stand, for the counts and
 *     the choice of the page; with more than {@value ReplicaReadings#FEW} replicas some moments ago
 */
public record StatusPage(
    Map<ReplicaState, Long> counts,
    Instant listedAt,
    List<ReplicaStatus> replicas,
    Optional<StatusCursor> next) {
  /** Copies the list. */
  public StatusPage {
    counts = Map.copyOf(counts);
    replicas = List.copyOf(replicas);
  }
}
