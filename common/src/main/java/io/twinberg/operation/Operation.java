package io.twinberg.operation;

import java.time.Instant;
import java.util.Optional;

/**
 * One action that somebody asked for.
 *
 * @param attempts how many times a replicator has claimed it
 * @param progress how far it is, in words
 * @param summary what came of it, in words
 * @param result what came of it, as JSON
 */
public record Operation(
    String id,
    OperationRequest request,
    OperationState state,
    String requestedBy,
    Instant requestedAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    int attempts,
    Optional<String> progress,
    Optional<String> summary,
    Optional<String> result) {}
