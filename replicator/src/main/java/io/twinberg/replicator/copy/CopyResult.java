package io.twinberg.replicator.copy;

/**
 * What copying one file did.
 *
 * @param bytes the verified length of the copy
 * @param serverSide whether the store copied it itself, so that no byte came through this process
 */
public record CopyResult(long bytes, boolean serverSide) {}
