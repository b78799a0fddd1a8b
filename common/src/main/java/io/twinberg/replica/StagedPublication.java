package io.twinberg.replica;

import io.twinberg.config.RefSelection;
import java.time.Instant;
import java.util.List;

/**
 * A version that is complete at the destination and waits for the others of its group: what whoever
 * publishes it needs to know.
 *
 * @param generation the replica's when it was staged; another one in the database refuses it
 * @param token the token of the lease under which it waits; whoever has claimed the replica since
 *     has taken it over, or has not seen it yet
 */
record StagedPublication(
    String replicaId,
    GroupAtDestination group,
    long generation,
    long token,
    String source,
    long position,
    String metadataLocation,
    List<LedgerEntry> entries,
    long files,
    long bytes,
    RefSelection refs,
    Instant startedAt) {
  StagedPublication {
    entries = List.copyOf(entries);
  }

  Lease lease() {
    return new Lease(Lease.ofReplica(replicaId), "group/" + group.groupId(), token);
  }
}
