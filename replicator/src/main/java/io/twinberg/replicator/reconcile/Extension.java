package io.twinberg.replicator.reconcile;

import io.twinberg.log.KeptJson;
import io.twinberg.log.NewVersion;
import io.twinberg.log.SourceTable;
import io.twinberg.log.VersionLog;
import io.twinberg.log.VersionOrigin;
import io.twinberg.replicator.metadata.InvalidMetadataException;
import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.replicator.metadata.MetadataTooLargeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Versions to append to a table's chain, oldest first, and why some between them are missing. */
final class Extension {
  private static final Logger LOG = LoggerFactory.getLogger(Extension.class);

  /**
   * How much metadata is held for one append; beyond it, versions are logged without, and the
   * replicator reads it from the store.
   */
  private static final long KEPT_BYTES = 64L << 20;

  private final EarlierFiles files;
  private final VersionLog log;
  private final List<NewVersion> versions = new ArrayList<>();
  private long keptBytes;
  private Optional<String> gap = Optional.empty();

  Extension(EarlierFiles files, VersionLog log) {
    this.files = files;
    this.log = log;
  }

  /** Adds versions that bypassed us between two that we know; their files may be gone. */
  void between(SourceTable table, List<String> locations) {
    locations.stream()
        .filter(location -> !log.contains(table.id(), location))
        .forEach(location -> between(table, location));
  }

  private void between(SourceTable table, String location) {
    try {
      files
          .read(location)
          .ifPresentOrElse(
              json -> bypassed(location, KeptJson.of(json)),
              () -> skip(table, location, "there is no metadata file " + location));
    } catch (InvalidMetadataException | MetadataTooLargeException e) {
      skip(table, location, String.valueOf(e.getMessage()));
    }
  }

  private void bypassed(String location, KeptJson metadata) {
    add(
        location,
        VersionOrigin.BYPASS,
        OptionalLong.empty(),
        MetadataFacts.of(metadata.bytes()),
        metadata);
  }

  private void skip(SourceTable table, String location, String why) {
    LOG.warn("gap source={} table={}: {}", table.source(), table.name(), why);
    gap("metadata file " + location + " cannot be read any more");
  }

  void gap(String reason) {
    gap = Optional.of(gap.map(before -> before + "; " + reason).orElse(reason));
  }

  void add(
      String location,
      VersionOrigin origin,
      OptionalLong intentId,
      MetadataFacts facts,
      KeptJson metadata) {
    int length = metadata.bytes().length;
    boolean kept = keptBytes + length <= KEPT_BYTES;
    keptBytes += kept ? length : 0;
    versions.add(
        new NewVersion(
            location,
            origin,
            intentId,
            facts.lastSequenceNumber(),
            facts.lastUpdatedAt(),
            facts.currentSnapshotId(),
            kept ? Optional.of(metadata) : Optional.empty()));
  }

  List<NewVersion> versions() {
    return versions;
  }

  Optional<String> gap() {
    return gap;
  }
}
