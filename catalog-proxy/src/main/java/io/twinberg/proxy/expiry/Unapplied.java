package io.twinberg.proxy.expiry;

import java.util.Set;

/**
 * What one destination has not applied of what a commit removes.
 *
 * @param position the position of its replica, 0 where it has none
 * @param standing how far it is behind, in words
 */
record Unapplied(String destination, Set<Long> snapshots, long position, String standing) {
  /** Copies the set. */
  Unapplied {
    snapshots = Set.copyOf(snapshots);
  }
}
