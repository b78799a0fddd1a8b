package io.twinberg.replicator.mapping;

import java.util.regex.Pattern;

/** Questions about raw path strings; nothing here decodes or normalises. */
final class Paths {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");

  private static final String FILE = "file:";

  private Paths() {}

  static String withoutTrailingSlashes(String location) {
    int end = location.length();
    while (end > 0 && location.charAt(end - 1) == '/') {
      end--;
    }
    return location.substring(0, end);
  }

  static boolean isLocal(String path) {
    return !hasScheme(path) || path.regionMatches(true, 0, "file:", 0, "file:".length());
  }

  static boolean isAbsolute(String path) {
    return afterScheme(path).startsWith("/");
  }

  /** Whether the path names something below an authority: {@code s3://bucket} alone does not. */
  static boolean hasFolder(String path) {
    String rest = afterScheme(path);
    boolean authority = hasScheme(path) && rest.startsWith("//");
    return authority ? rest.indexOf('/', 2) >= 0 : rest.startsWith("/");
  }

  static String folderOf(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * One spelling for all that stores take for one place: {@code s3a} and {@code s3n} are {@code
   * s3}, and local paths begin with {@code file:/}, as they are spelt by different writers. For
   * comparing with what is allowed only: mappings go by what is written.
   */
  static String plain(String path) {
    if (path.startsWith("s3a://") || path.startsWith("s3n://")) {
      return "s3" + path.substring("s3a".length());
    }
    if (path.startsWith(FILE + "//")) {
      return FILE + path.substring(FILE.length() + 2);
    }
    return path.startsWith("/") ? FILE + path : path;
  }

  private static boolean hasScheme(String path) {
    return SCHEME.matcher(path).lookingAt();
  }

  private static String afterScheme(String path) {
    var scheme = SCHEME.matcher(path);
    return scheme.lookingAt() ? path.substring(scheme.end()) : path;
  }
}
