package io.twinberg.replica;

/**
 * One entry of a replica's append-only mapping: files below the source prefix go below the target
 * prefix.
 */
public record PrefixMapping(String sourcePrefix, String targetPrefix) {
  /** Rejects prefixes that do not name a folder. */
  public PrefixMapping {
    requireFolder(sourcePrefix);
    requireFolder(targetPrefix);
  }

  /** Whether a raw path lies below the source prefix, compared literally up to a slash. */
  public boolean covers(String path) {
    return path.startsWith(sourcePrefix) && path.startsWith("/", sourcePrefix.length());
  }

  /** What follows the source prefix in a path that it covers, with its leading slash. */
  public String remainder(String path) {
    return path.substring(sourcePrefix.length());
  }

  private static void requireFolder(String prefix) {
    if (prefix.isEmpty() || prefix.endsWith("/")) {
      throw new IllegalArgumentException(
          "prefix '" + prefix + "' must name a folder and carry no trailing slash");
    }
  }
}
