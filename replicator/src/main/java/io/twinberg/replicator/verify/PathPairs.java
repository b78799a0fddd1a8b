package io.twinberg.replicator.verify;

import java.util.OptionalLong;

/**
 * Which file of the replica stands for which data file of the source, as far as manifests told. A
 * delete that names its data file by another path than the data manifest does is never applied.
 */
final class PathPairs {
  // Guarded by this.
  private final LongTable replicaBySource = new LongTable();

  /** Takes note of a pair; false when the source's path stood for another one before. */
  synchronized boolean agree(String source, String replica) {
    long hash = LocationHash.of(replica);
    OptionalLong before = replicaBySource.putIfAbsent(LocationHash.of(source), hash);
    return before.isEmpty() || before.getAsLong() == hash;
  }
}
