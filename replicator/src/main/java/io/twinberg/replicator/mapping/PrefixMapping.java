package io.twinberg.replicator.mapping;

import java.util.List;

/**
 * One persisted entry of a replica's mapping: files below the source prefix go below the target
 * prefix.
 */
public record PrefixMapping(String sourcePrefix, String targetPrefix) {
  public PrefixMapping {
    requireFolder(sourcePrefix);
    requireFolder(targetPrefix);
  }

  /**
   * The list a replica is created with and keeps: the table's data folder. Everything else,
   * statistics and moved locations included, takes the fallback, so that no path ever changes its
   * target and nothing that a writer commits can land among the replica's own metadata files.
   */
  public static List<PrefixMapping> initial(String tableLocation, String folder) {
    return List.of(
        new PrefixMapping(Paths.withoutTrailingSlashes(tableLocation) + "/data", folder + "/data"));
  }

  boolean covers(String path) {
    return path.startsWith(sourcePrefix) && path.startsWith("/", sourcePrefix.length());
  }

  /** What follows the prefix, with its leading slash. */
  String remainder(String path) {
    return path.substring(sourcePrefix.length());
  }

  private static void requireFolder(String prefix) {
    if (prefix.isEmpty() || prefix.endsWith("/")) {
      throw new IllegalArgumentException(
          "prefix '" + prefix + "' must name a folder and carry no trailing slash");
    }
  }
}
