package io.twinberg.replica;

/** A group of versions at one destination: what becomes visible there together. */
record GroupAtDestination(long groupId, String destination) {}
