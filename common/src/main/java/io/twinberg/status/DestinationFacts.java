package io.twinberg.status;

/**
 * What the database knows of a destination.
 *
 * @param replicas how its replicas stand together
 * @param groupsSplit how many transactions became visible table by table, since some table kept the
 *     others waiting for too long
 */
public record DestinationFacts(String destination, ReplicaSums replicas, long groupsSplit) {
  /** A destination without replicas. */
  public static DestinationFacts none(String destination) {
    return new DestinationFacts(destination, ReplicaSums.NONE, 0);
  }
}
