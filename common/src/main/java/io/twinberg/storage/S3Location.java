package io.twinberg.storage;

import io.twinberg.storage.StoreException.Kind;
import java.util.List;

/**
 * An S3 location taken apart; {@code s3a} and {@code s3n} mean the same as {@code s3}.
 *
 * @param root scheme and bucket as written, with the slash that follows
 * @param key the raw key, empty for the bucket itself
 */
record S3Location(String root, String bucket, String key) {
  private static final List<String> PREFIXES = List.of("s3://", "s3a://", "s3n://");

  static boolean matches(String location) {
    return PREFIXES.stream().anyMatch(location::startsWith);
  }

  /** Parses the location of an object. */
  static S3Location ofObject(String location) {
    S3Location parsed = parse(location);
    if (parsed.key.isEmpty()) {
      throw invalid(location, "it names a bucket, not an object");
    }
    return parsed;
  }

  /** Parses the location of a folder; its key is empty or ends with a slash. */
  static S3Location ofFolder(String location) {
    S3Location parsed = parse(location);
    return parsed.key.isEmpty() || parsed.key.endsWith("/")
        ? parsed
        : new S3Location(parsed.root, parsed.bucket, parsed.key + "/");
  }

  /** The location of another key of the same bucket. */
  String at(String otherKey) {
    return root + otherKey;
  }

  @Override
  public String toString() {
    return root + key;
  }

  private static S3Location parse(String location) {
    if (!matches(location)) {
      throw invalid(location, "it must start with s3://");
    }
    int start = location.indexOf("://") + 3;
    int slash = location.indexOf('/', start);
    int end = slash < 0 ? location.length() : slash;
    if (end == start) {
      throw invalid(location, "it names no bucket");
    }
    String key = slash < 0 ? "" : location.substring(slash + 1);
    return new S3Location(location.substring(0, end) + "/", location.substring(start, end), key);
  }

  private static StoreException invalid(String location, String why) {
    return new StoreException(
        Kind.INVALID, location, "Not a usable S3 location: '" + location + "': " + why);
  }
}
