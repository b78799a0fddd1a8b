package io.twinberg.replica;

import java.util.Optional;

/**
 * A file that we rewrote and that is at the destination with everything live under it.
 *
 * @param length the target's length in bytes
 * @param paths the first and the last data file that a delete file names, as the replica calls
 *     them; later manifests that list the file say it again
 */
public record LedgerEntry(
    Kind kind, String sourcePath, String targetPath, long length, Optional<PathRange> paths) {
  /** What kind of file it is. */
  public enum Kind {
    /** A manifest. */
    MANIFEST,
    /** A manifest list. */
    MANIFEST_LIST,
    /** A file of position deletes or deletion vectors. */
    DELETE_FILE
  }

  /** A manifest or a manifest list. */
  public LedgerEntry(Kind kind, String sourcePath, String targetPath, long length) {
    this(kind, sourcePath, targetPath, length, Optional.empty());
  }
}
