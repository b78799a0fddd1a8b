package io.twinberg.replicator.rewrite;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One manifest as a manifest list names it.
 *
 * @param content 0 for data, 1 for deletes
 * @param sequenceNumber 0 in lists of format version 1
 * @param minSequenceNumber 0 in lists of format version 1
 * @param addedFiles entries of status ADDED; empty where the list does not count
 * @param existingFiles entries of status EXISTING; empty where the list does not count
 * @param deletedFiles entries of status DELETED; empty where the list does not count
 * @param firstRowId empty before format version 3, for deletes and where not assigned
 * @param encrypted whether the list holds key metadata for this manifest
 */
public record ListedManifest(
    String path,
    long lengthInBytes,
    int content,
    int specId,
    long addedSnapshotId,
    long sequenceNumber,
    long minSequenceNumber,
    OptionalInt addedFiles,
    OptionalInt existingFiles,
    OptionalInt deletedFiles,
    OptionalLong firstRowId,
    boolean encrypted) {

  /** Rejects contents that the table format does not know. */
  public ListedManifest {
    if (content != 0 && content != 1) {
      throw new IllegalArgumentException("unknown content " + content + " of manifest " + path);
    }
  }
}
