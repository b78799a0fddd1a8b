package io.twinberg.replicator.reconcile;

import io.twinberg.log.TableVersion;
import io.twinberg.replicator.metadata.MetadataFacts;

/**
 * Tells one version under two names. Nessie answers a commit with a link into its own API as the
 * metadata location, and a load of the same version with the location of a file.
 */
final class SameVersion {
  private SameVersion() {}

  /** Whether the version is the log's one, once named by a file and once by a link. */
  static boolean underTwoNames(TableVersion logged, String location, MetadataFacts facts) {
    return isLink(logged.metadataLocation()) != isLink(location)
        && logged.lastSequenceNumber() == facts.lastSequenceNumber()
        && logged.lastUpdatedAt().equals(facts.lastUpdatedAt())
        && logged.snapshotId().equals(facts.currentSnapshotId());
  }

  private static boolean isLink(String location) {
    return location.startsWith("http://") || location.startsWith("https://");
  }
}
