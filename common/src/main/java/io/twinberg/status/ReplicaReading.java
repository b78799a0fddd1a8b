package io.twinberg.status;

import java.time.Instant;
import java.util.List;

/** All replicas of a database as they stood at one moment. */
record ReplicaReading(Instant at, List<ListedReplica> replicas) {}
