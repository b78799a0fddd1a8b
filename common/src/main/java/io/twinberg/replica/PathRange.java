package io.twinberg.replica;

/**
 * The first and the last of some paths, in the order of their UTF-8 bytes, which is the order of
 * Iceberg's strings.
 */
public record PathRange(String lower, String upper) {

  /** The range of a single path. */
  public static PathRange of(String path) {
    return new PathRange(path, path);
  }
}
