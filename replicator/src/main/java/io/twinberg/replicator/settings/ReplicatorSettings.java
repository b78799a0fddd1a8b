package io.twinberg.replicator.settings;

import java.time.Duration;

/**
 * How hard the replicator works.
 *
 * @param copies files that are copied at once, over all lanes
 * @param sweepInterval the time between two listings of a source
 * @param requestsPerSecond the budget of sweeps at each source
 * @param settle how long a commit with an unknown outcome may still turn up
 * @param deletionInterval the time between two looks for files of a replica that nothing names
 * @param metadataLimitInBytes the largest metadata file that is replicated
 * @param logRetention how long the log keeps what is done
 * @param auditRetention how long the audit keeps its entries
 */
public record ReplicatorSettings(
    LaneSettings lanes,
    int copies,
    Duration sweepInterval,
    int requestsPerSecond,
    Duration settle,
    Duration deletionInterval,
    long metadataLimitInBytes,
    Duration logRetention,
    Duration auditRetention) {}
