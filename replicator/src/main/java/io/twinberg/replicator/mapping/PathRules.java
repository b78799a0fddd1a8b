package io.twinberg.replicator.mapping;

import java.util.List;
import java.util.regex.Pattern;

/** Which source paths may be replicated at all; a refusal names the path and the reason. */
public final class PathRules {
  private static final Pattern SLASH = Pattern.compile("/");
  // On a local disk a backslash may separate folders, depending on who reads the path.
  private static final Pattern ANY_SLASH = Pattern.compile("[/\\\\]");

  private final List<String> allowedFolders;
  private final boolean localTarget;

  /**
   * @param allowedLocations none means any location but local disks
   * @param localTarget whether the replica lies on a local disk
   */
  public PathRules(List<String> allowedLocations, boolean localTarget) {
    this.allowedFolders = allowedLocations.stream().map(PathRules::asFolder).toList();
    this.localTarget = localTarget;
  }

  /** Whether a path may be replicated. */
  public boolean accepts(String path) {
    try {
      check(path);
      return true;
    } catch (RefusedPathException e) {
      return false;
    }
  }

  /**
   * Throws when a path may not be replicated.
   *
   * @throws RefusedPathException with the reason
   */
  void check(String path) {
    refuseIf(hasControlCharacter(path), path, "it contains a control character");
    refuseIf(hasLoneSurrogate(path), path, "it is not valid Unicode");
    refuseIf(!Paths.isAbsolute(path), path, "it is a relative path");
    refuseIf(path.endsWith("/"), path, "it has no file name");
    refuseIf(!Paths.hasFolder(path), path, "it names no file below a bucket");
    refuseIf(hasDotSegment(path), path, "it contains a '.' or '..' segment");
    checkAllowed(path);
  }

  private void checkAllowed(String path) {
    if (allowedFolders.isEmpty()) {
      refuseIf(Paths.isLocal(path), path, "local paths need an entry in allowed-locations");
      return;
    }
    boolean allowed = allowedFolders.stream().anyMatch(Paths.plain(path)::startsWith);
    refuseIf(!allowed, path, "it is outside allowed-locations " + allowedFolders);
  }

  private boolean hasDotSegment(String path) {
    Pattern separator = localTarget || Paths.isLocal(path) ? ANY_SLASH : SLASH;
    return separator.splitAsStream(path).anyMatch(s -> s.equals(".") || s.equals(".."));
  }

  private static boolean hasControlCharacter(String path) {
    return path.chars().anyMatch(Character::isISOControl);
  }

  // Unpaired surrogates all encode to the same byte, so two paths could share one target.
  private static boolean hasLoneSurrogate(String path) {
    return path.codePoints()
        .anyMatch(c -> c <= Character.MAX_VALUE && Character.isSurrogate((char) c));
  }

  private static String asFolder(String location) {
    if (location.isEmpty()) {
      throw new IllegalArgumentException("an entry of allowed-locations is empty");
    }
    return Paths.plain(location.endsWith("/") ? location : location + "/");
  }

  private static void refuseIf(boolean refused, String path, String reason) {
    if (refused) {
      throw new RefusedPathException(path, reason);
    }
  }
}
