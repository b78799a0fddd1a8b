package io.twinberg.replicator.rewrite;

import java.util.OptionalLong;

/**
 * One live or deleted entry of a manifest, as the source wrote it.
 *
 * @param content 0 for data files, 1 for position deletes and deletion vectors, 2 for equality
 *     deletes
 * @param path the source's path, untouched
 * @param format the file format as written, for example {@code PARQUET}
 * @param lengthInBytes the recorded size of the file
 * @param recordCount the recorded number of rows; some writers record -1 for "unknown"
 * @param snapshotId empty where the entry inherits it from the manifest list
 */
public record ManifestEntry(
    Status status,
    int content,
    String path,
    String format,
    long lengthInBytes,
    long recordCount,
    OptionalLong snapshotId) {

  /** What a manifest says about a file. */
  public enum Status {
    EXISTING,
    ADDED,
    DELETED
  }

  private static final int POSITION_DELETES = 1;

  /** Rejects a negative length. */
  public ManifestEntry {
    if (lengthInBytes < 0) {
      throw new IllegalArgumentException("negative length " + lengthInBytes + " of " + path);
    }
  }

  /** Whether the file holds positions of deleted rows, with the paths of their data files. */
  public boolean isPositionDelete() {
    return content == POSITION_DELETES;
  }

  /** Refuses deletes in data manifests and data in delete manifests: readers would skip them. */
  void requireContentOf(boolean deleteManifest) {
    if (deleteManifest != content > 0) {
      throw new UnsupportedManifestException(
          "an entry of content %d (0 data, 1 position deletes, 2 equality deletes) in a %s manifest: %s"
              .formatted(content, deleteManifest ? "delete" : "data", path));
    }
  }

  /** Whether the file is part of the snapshots that list this manifest. */
  public boolean isLive() {
    return status != Status.DELETED;
  }
}
