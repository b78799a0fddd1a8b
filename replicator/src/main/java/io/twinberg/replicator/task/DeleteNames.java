package io.twinberg.replicator.task;

/** The names of rewritten delete files: beside the data files, marked as an attempt's own. */
final class DeleteNames {
  private DeleteNames() {}

  /** Puts the suffix in front of the file's extension. */
  static String named(String mappedPath, String suffix) {
    int name = mappedPath.lastIndexOf('/') + 1;
    int dot = mappedPath.lastIndexOf('.');
    int end = dot > name ? dot : mappedPath.length();
    return mappedPath.substring(0, end) + suffix + mappedPath.substring(end);
  }
}
