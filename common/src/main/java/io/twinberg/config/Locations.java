package io.twinberg.config;

import io.twinberg.config.yaml.References;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Locations in the form in which Iceberg writes them: {@code s3://bucket/path} or {@code
 * file:/path}.
 */
final class Locations {
  private static final String FORM = "must be an s3:// location or a local folder";
  private static final String FILE = "file:";
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");
  private static final Pattern S3 = Pattern.compile("s3[an]?://[^/?#]+(/[^?#]*)?");

  private Locations() {}

  /**
   * The location without a slash at its end; plain paths resolve against the references' folder.
   */
  static String parse(String text, References references) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(FORM);
    }
    if (text.startsWith(FILE)) {
      return of(references.path(withoutHost(text.substring(FILE.length()))));
    }
    return SCHEME.matcher(text).matches() ? store(text) : of(references.path(text));
  }

  static String of(Path folder) {
    return FILE + folder.toAbsolutePath().normalize();
  }

  /**
   * With one slash at its end, so that a prefix {@code s3://lake/} never lets {@code
   * s3://lake-of-others} in.
   */
  static String asPrefix(String location) {
    return location.endsWith("/") ? location : location + "/";
  }

  static boolean isLocation(String text) {
    return text.startsWith(FILE) || S3.matcher(text).matches();
  }

  private static String store(String text) {
    boolean dots =
        Arrays.stream(text.split("/", -1)).anyMatch(part -> part.equals(".") || part.equals(".."));
    if (dots || !S3.matcher(text).matches()) {
      throw new IllegalArgumentException(FORM);
    }
    return withoutTrailingSlashes(text);
  }

  private static String withoutHost(String path) {
    if (path.startsWith("//") && !path.startsWith("///")) {
      throw new IllegalArgumentException("must be a file: URI without host, such as file:/data");
    }
    return path;
  }

  private static String withoutTrailingSlashes(String text) {
    int end = text.length();
    while (text.charAt(end - 1) == '/') {
      end--;
    }
    return text.substring(0, end);
  }
}
