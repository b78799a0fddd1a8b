package io.twinberg.replicator.pointer;

import io.twinberg.config.RefSelection;
import io.twinberg.log.EntryKind;
import io.twinberg.replica.Adoption;
import io.twinberg.replica.PrefixMapping;
import io.twinberg.replica.RefSelectionColumn;
import io.twinberg.replica.ReplicaLifecycle;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pointer object says: everything about a replica that is not in its metadata.
 *
 * @param format the version of this format; readers refuse newer ones
 * @param namespace the levels of the namespace at the destination
 * @param position the source's position of the version that it shows
 * @param incarnation which history under the table's UUID it follows
 * @param refs the branches and tags to which the version is restricted; null for all
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
    List<PrefixMapping> mapping,
    @Nullable EntryKind kind,
    @Nullable Integer incarnation,
    @Nullable ReplicaLifecycle lifecycle,
    @Nullable String refs) {
  /** The format of a table's pointer. */
  public static final int FORMAT = 1;

  /** The format of what earlier readers would take for a table. */
  public static final int FORMAT_OF_OTHERS = 2;

  /** The format in which an entry's pointer is written. */
  public static int formatOf(EntryKind kind) {
    return kind == EntryKind.TABLE ? FORMAT : FORMAT_OF_OTHERS;
  }

  /** The branches and tags to which the version is restricted. */
  public RefSelection selection() {
    return RefSelectionColumn.parse(refs);
  }

  /** What the replica is of; pointers of the first version do not say it. */
  Adoption.Standing standing() {
    return new Adoption.Standing(
        kind == null ? EntryKind.TABLE : kind,
        incarnation == null ? 1 : incarnation,
        lifecycle == null ? ReplicaLifecycle.ACTIVE : lifecycle);
  }
}
