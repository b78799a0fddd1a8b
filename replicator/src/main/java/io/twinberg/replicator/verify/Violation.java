package io.twinberg.replicator.verify;

import java.util.Locale;

/**
 * One thing that is wrong with a replica.
 *
 * @param path the file, or the part of it, in which it is wrong
 */
public record Violation(Kind kind, String path, String expected, String actual) {
  /** What is wrong. */
  public enum Kind {
    /** The metadata file is missing or no table metadata. */
    METADATA_UNREADABLE,
    /** A field of the metadata is not the source's. */
    METADATA_DIFFERS,
    /** The source's version has a snapshot that the replica lacks. */
    SNAPSHOT_MISSING,
    /** A path leads out of the replica's folder. */
    OUTSIDE_ROOT,
    /** A file that something names is not there. */
    FILE_MISSING,
    /** A file has another length than recorded. */
    LENGTH_DIFFERS,
    /** A file cannot be read. */
    UNREADABLE,
    /** There is another number of things than recorded. */
    COUNT_DIFFERS,
    /** A manifest or manifest list says something else than the source's. */
    CONTENT_DIFFERS,
    /** Two names of one source file lead to different files. */
    PATHS_DISAGREE,
    /** A delete file or deletion vector is not what its entry says. */
    DELETES_DIFFER,
    /** The rows of a snapshot are not the source's. */
    ROWS_DIFFER;

    /** The word in reports. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
