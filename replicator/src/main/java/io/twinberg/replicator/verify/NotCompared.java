package io.twinberg.replicator.verify;

/** Something of a replica that could not be held against the source, and why. */
public record NotCompared(String what, String reason) {}
