package io.twinberg.status;

import java.time.Instant;
import java.util.List;

/**
 * All replicas of a database as they stood at one moment.
 *
 * @param withApplied whether it was read when each was last published
 */
record ReplicaReading(Instant at, boolean withApplied, List<ListedReplica> replicas) {}
