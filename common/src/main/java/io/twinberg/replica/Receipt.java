package io.twinberg.replica;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * What applying one version did; immutable.
 *
 * @param committedAt when the source committed the version, by the source's clock
 */
public record Receipt(
    long id,
    String replicaId,
    long generation,
    long position,
    String sourceMetadataLocation,
    String metadataLocation,
    OptionalLong snapshotId,
    long files,
    long bytes,
    Instant committedAt,
    Instant startedAt,
    Instant publishedAt) {}
