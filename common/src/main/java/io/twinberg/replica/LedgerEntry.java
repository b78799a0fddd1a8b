package io.twinberg.replica;

/**
 * A file that we rewrote and that is at the destination with everything live under it.
 *
 * @param length the target's length in bytes
 */
public record LedgerEntry(Kind kind, String sourcePath, String targetPath, long length) {
  /** What kind of file it is. */
  public enum Kind {
    /** A manifest. */
    MANIFEST,
    /** A manifest list. */
    MANIFEST_LIST
  }
}
