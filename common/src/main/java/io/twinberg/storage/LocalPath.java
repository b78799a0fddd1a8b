package io.twinberg.storage;

import io.twinberg.storage.StoreException.Kind;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;

/** Turns local locations into paths, raw: {@code %20} in a location is {@code %20} on the disk. */
final class LocalPath {
  private static final String SCHEME = "file:";
  private static final String TEMPORARY_SUFFIX = ".twinberg-tmp";

  private LocalPath() {}

  static boolean matches(String location) {
    return location.startsWith(SCHEME) || location.startsWith("/");
  }

  /** The path of a file. */
  static Path ofFile(String location) {
    if (location.endsWith("/")) {
      throw invalid(location, "it names a folder, not a file");
    }
    return parse(location);
  }

  /** The path of a folder, with or without a slash at its end. */
  static Path ofFolder(String location) {
    return parse(location);
  }

  /** A new name beside a file, for its content while it is being written. */
  static Path temporary(Path file) {
    return file.resolveSibling("." + UUID.randomUUID() + TEMPORARY_SUFFIX);
  }

  /** Whether a file holds half-written content, maybe of a process that is gone. */
  static boolean isTemporary(Path file) {
    return String.valueOf(file.getFileName()).endsWith(TEMPORARY_SUFFIX);
  }

  private static Path parse(String location) {
    String path = withoutScheme(location);
    if (!path.startsWith("/")) {
      throw invalid(location, "it must be file:/folder/file, without a host, or start with /");
    }
    if (Arrays.stream(path.split("/")).anyMatch(name -> name.equals(".") || name.equals(".."))) {
      throw invalid(location, "it has . or .. segments");
    }
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw invalid(location, e.getReason());
    }
  }

  private static String withoutScheme(String location) {
    String rest = location.startsWith(SCHEME) ? location.substring(SCHEME.length()) : location;
    return location.startsWith(SCHEME) && rest.startsWith("//") ? rest.substring(2) : rest;
  }

  private static StoreException invalid(String location, String why) {
    return new StoreException(
        Kind.INVALID, location, "Not a usable local location: '" + location + "': " + why);
  }
}
