package io.twinberg.replicator.pointer;

import io.twinberg.replica.PrefixMapping;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pointer object says: everything about a replica that is not in its metadata.
 *
 * @param format the version of this format; readers refuse newer ones
 * @param namespace the levels of the namespace at the destination
 * @param position the source's position of the version that it shows
 * @param committedAt when the source committed that version, by the source's clock
 */
public record Pointer(
    int format,
    String replicaId,
    String destination,
    List<String> namespace,
    String name,
    String source,
    List<String> sourceNamespace,
    String sourceName,
    String tableUuid,
    String sourceLocation,
    String folder,
    long generation,
    long position,
    String metadataLocation,
    String sourceMetadataLocation,
    long lastSequenceNumber,
    @Nullable Long snapshotId,
    Instant committedAt,
    List<PrefixMapping> mapping) {
  /** The format that this version writes. */
  public static final int FORMAT = 1;
}
