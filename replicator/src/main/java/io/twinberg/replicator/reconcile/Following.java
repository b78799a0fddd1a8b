package io.twinberg.replicator.reconcile;

import java.util.Set;

/**
 * The replicas that follow a table.
 *
 * @param began whether one of them has just begun to
 * @param positions where they stand in the log
 */
record Following(boolean began, Set<Long> positions) {
  /** Copies the set. */
  Following {
    positions = Set.copyOf(positions);
  }
}
