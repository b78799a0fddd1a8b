package io.twinberg.replicator.verify;

/** The rows of one snapshot, whose checksum does not depend on their order. */
public record RowResult(long snapshotId, long rows, String checksum) {}
