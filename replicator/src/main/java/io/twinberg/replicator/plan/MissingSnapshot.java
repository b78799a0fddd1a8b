package io.twinberg.replicator.plan;

import java.util.OptionalLong;

/**
 * A snapshot of the version that the replica lacks.
 *
 * @param parent the snapshot that it was made from
 */
public record MissingSnapshot(long id, OptionalLong parent, String manifestList) {}
