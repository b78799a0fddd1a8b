package io.twinberg.log;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * One metadata file of one table in the log.
 *
 * @param predecessor the position of the version before it, empty for the first
 * @param group the group of the multi-table transaction that made it
 * @param lastUpdatedAt when the source committed it, by the source's clock
 * @param snapshotId the current snapshot, empty for a table without any
 */
public record TableVersion(
    String source,
    long position,
    long tableId,
    OptionalLong predecessor,
    String metadataLocation,
    VersionOrigin origin,
    OptionalLong group,
    long lastSequenceNumber,
    Instant lastUpdatedAt,
    OptionalLong snapshotId,
    Instant loggedAt) {}
