package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What Twinberg refuses to replicate, to be asked before any work is done for a version. */
public final class Unsupported {
  private static final long NEWEST_FORMAT = 3;

  private Unsupported() {}

  /** Throws {@link UnsupportedMergeException} naming the first thing that cannot be replicated. */
  public static void check(ObjectNode source) {
    checkFormat(Json.requireLong(source, "format-version"));
    if (!source.path("encryption-keys").isEmpty()) {
      throw new UnsupportedMergeException("encrypted tables (encryption-keys) are not replicated");
    }
    if (source.path("properties").has("encryption.key-id")) {
      throw new UnsupportedMergeException(
          "encrypted tables (property encryption.key-id) are not replicated");
    }
    Json.objects(source, "snapshots").forEach(Unsupported::checkSnapshot);
  }

  private static void checkFormat(long version) {
    if (version > NEWEST_FORMAT) {
      throw new UnsupportedMergeException(
          "format-version %d is not replicated until the table format is final; versions 1 to %d are"
              .formatted(version, NEWEST_FORMAT));
    }
  }

  private static void checkSnapshot(ObjectNode snapshot) {
    String name = "snapshot " + Json.requireLong(snapshot, "snapshot-id");
    if (!Json.isAbsent(snapshot, "key-id")) {
      throw new UnsupportedMergeException(name + " is encrypted (key-id): not replicated");
    }
    SnapshotManifests.of(snapshot);
  }
}
