package io.twinberg.proxy.expiry;

import java.time.Duration;
import java.util.List;

/**
 * Whose replicas of a table the removal of snapshots waits for.
 *
 * @param destinations what has to have them first
 * @param atMost how long each of them is waited for
 */
public record HoldRule(List<String> destinations, Duration atMost) {
  /** Copies the list. */
  public HoldRule {
    destinations = List.copyOf(destinations);
  }
}
