package io.twinberg.replica;

import java.time.Instant;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A replica that readers no longer see, and whose files are still to be removed.
 *
 * @param operationId the operation that removes them
 * @param name what it was called at its destination
 * @param folder where its files are, and nobody else's
 * @param removed how many of them are gone
 */
public record DroppedReplica(
    String replicaId,
    String operationId,
    String source,
    String destination,
    TableIdentifier name,
    String folder,
    Instant droppedAt,
    long removed) {}
