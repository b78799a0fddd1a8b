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

  /** Rejects a negative length. */
  public ManifestEntry {
    if (lengthInBytes < 0) {
      throw new IllegalArgumentException("negative length " + lengthInBytes + " of " + path);
    }
  }

  /** Whether the file is part of the snapshots that list this manifest. */
  public boolean isLive() {
    return status != Status.DELETED;
  }
}
