package io.twinberg.status;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All tables and replicas of a database as they stood at one moment.
 *
 * @param tables how the tables of each source stand together; a source without any is absent
 */
record ReplicaReading(Instant at, Map<String, TableSums> tables, List<ListedReplica> replicas) {}
