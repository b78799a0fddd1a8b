package io.twinberg.replica;

import io.twinberg.config.RefSelection;
import io.twinberg.log.TableVersion;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * Everything that becomes visible in one transaction when a version has been applied.
 *
 * @param replica the replica as it was when the attempt began; another generation in the database,
 *     or another decision what it keeps, refuses it
 * @param metadataLocation the new pointer
 * @param entries the rewritten files that the new metadata names and the old one did not
 * @param historyThrough see {@link Replica#historyThrough}; a version that was applied before may
 *     be published again while the replica lacks some of its history
 * @param refs the branches and tags to which it is restricted
 * @param revived files that were condemned and that the new metadata names again
 * @param files how many files were copied or rewritten for it, in {@code bytes} bytes
 */
public record Publication(
    Replica replica,
    Lease lease,
    TableVersion version,
    String metadataLocation,
    List<LedgerEntry> entries,
    List<String> revived,
    long files,
    long bytes,
    OptionalLong historyThrough,
    RefSelection refs,
    Instant startedAt) {
  /** A version with all refs. */
  public Publication(
      Replica replica,
      Lease lease,
      TableVersion version,
      String metadataLocation,
      List<LedgerEntry> entries,
      List<String> revived,
      long files,
      long bytes,
      OptionalLong historyThrough,
      Instant startedAt) {
    this(
        replica,
        lease,
        version,
        metadataLocation,
        entries,
        revived,
        files,
        bytes,
        historyThrough,
        new RefSelection.All(),
        startedAt);
  }

  /** Copies the lists. */
  public Publication {
    entries = List.copyOf(entries);
    revived = List.copyOf(revived);
  }
}
