package io.twinberg.replica;

/**
 * One entry of a replica's append-only mapping: paths below the source prefix stand below the
 * target prefix.
 */
public record PrefixMapping(String sourcePrefix, String targetPrefix) {}
