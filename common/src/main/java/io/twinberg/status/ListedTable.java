package io.twinberg.status;

import java.time.Instant;
import java.util.Optional;

/**
 * What the standing of replicas and sources hangs on of a table.
 *
 * @param namespace as columns hold it
 * @param followed whether it is a table, and no view, that the source still has
 * @param head the position of its last version, 0 before the first
 * @param checkedAt when the source was last asked about it
 * @param unchangedChecks how many times in a row that found nothing new
 */
record ListedTable(
    long id,
    String source,
    String namespace,
    String name,
    boolean followed,
    long head,
    Optional<Instant> checkedAt,
    int unchangedChecks) {}
