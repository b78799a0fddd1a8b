package io.twinberg.replica;

import io.twinberg.config.RefSelection;
import io.twinberg.log.EntryKind;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * One source table at one destination.
 *
 * @param id our own id, which its folder's name bears
 * @param kind whether it is of a table or a view
 * @param name the catalog entry at the destination
 * @param folder the location of everything that belongs to it, without trailing slash
 * @param position the position of the last version applied, 0 before the first
 * @param generation counts publications; the pointer moves by compare-and-set on it
 * @param metadataLocation the current pointer, empty before the first publication
 * @param pointerGeneration the generation that the pointer object at the destination shows
 * @param historyThrough for a replica that begins with the heads of refs: the highest sequence
 *     number of snapshots that may still be on their way, {@link #ALL_HISTORY} before the first
 *     publication; empty when it has them all
 * @param settings what its rule says of it
 * @param shownRefs the branches and tags to which the published version is restricted
 * @param attempts failures in a row
 * @param vainAttempts those of them, up to the last one, that failed with what does not heal by
 *     itself
 * @param givenUpHead the newest version of the table that the last of these knew, present while
 *     nothing but a later one or a person lets the replica be tried again
 */
public record Replica(
    String id,
    EntryKind kind,
    long tableId,
    String source,
    String destination,
    TableIdentifier name,
    String folder,
    ReplicaLifecycle lifecycle,
    boolean paused,
    long position,
    long generation,
    Optional<String> metadataLocation,
    OptionalLong receiptId,
    long pointerGeneration,
    OptionalLong historyThrough,
    ReplicaSettings settings,
    RefSelection shownRefs,
    int attempts,
    int vainAttempts,
    OptionalLong givenUpHead,
    Instant nextAttemptAt,
    Optional<ReplicaFailure> failure,
    Instant createdAt) {
  /** Any snapshot may still be on its way. */
  public static final long ALL_HISTORY = Long.MAX_VALUE;
}
