package io.twinberg.log;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A version that is to be appended to a table's chain.
 *
 * @param metadata the raw JSON, where it is at hand and not too large to keep
 */
public record NewVersion(
    String metadataLocation,
    VersionOrigin origin,
    OptionalLong intentId,
    long lastSequenceNumber,
    Instant lastUpdatedAt,
    OptionalLong snapshotId,
    Optional<KeptJson> metadata) {}
