package io.twinberg.status;

import java.time.Duration;
import java.util.Map;

/**
 * How the replicas of a destination stand together.
 *
 * @param replicas how many there are in each state
 * @param maxLag the longest lag among them
 * @param pendingVersions how many versions wait to be applied, over all of them
 * @param groupsSplit how many transactions became visible table by table, since some table kept the
 *     others waiting for too long
 */
public record DestinationFacts(
    String destination,
    Map<ReplicaState, Long> replicas,
    Duration maxLag,
    long pendingVersions,
    long groupsSplit) {
  /** Copies the map. */
  public DestinationFacts {
    replicas = Map.copyOf(replicas);
  }

  /** A destination without replicas. */
  public static DestinationFacts none(String destination) {
    return new DestinationFacts(destination, Map.of(), Duration.ZERO, 0, 0);
  }
}
