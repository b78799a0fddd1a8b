package io.twinberg.replica;

import java.time.Instant;
import java.util.Optional;

/**
 * Why a replica cannot go on.
 *
 * @param code a stable word for programs, such as {@code UNSUPPORTED} or {@code DESTINATION_DENIED}
 * @param file the file that it is about
 * @param since when the first of the failures in a row happened
 * @param needsPerson whether trying again cannot help before somebody acts
 */
public record ReplicaFailure(
    String code, String message, Optional<String> file, Instant since, boolean needsPerson) {}
