package io.twinberg.embedded;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.iceberg.exceptions.BadRequestException;

/** The roots inside which an embedded catalog reads, writes and lets clients place files. */
final class AllowedLocations {
  private final List<String> roots;

  AllowedLocations(EmbeddedSettings settings) {
    Set<String> all = new LinkedHashSet<>();
    all.add(settings.warehouse());
    all.addAll(settings.allowedLocations());
    this.roots = List.copyOf(all);
  }

  /**
   * Refuses a location that leads outside.
   *
   * @param key what the client called it, for the message
   */
  void require(String key, String location) {
    if (hasOddSegments(location)) {
      throw refused(key, location, "it has . or .. segments or control characters");
    }
    if (roots.stream().noneMatch(root -> inside(root, location))) {
      throw refused(
          key,
          location,
          "it must lie in one of " + roots + "; add its root to the source's allowed-locations");
    }
  }

  /** Whether one of the roots is an ancestor, compared literally and on path boundaries. */
  private static boolean inside(String root, String location) {
    return location.equals(root) || location.startsWith(root + "/");
  }

  private static boolean hasOddSegments(String location) {
    return location.chars().anyMatch(Character::isISOControl)
        || Arrays.stream(location.split("[/\\\\]")).anyMatch(AllowedLocations::isDotSegment);
  }

  /** A reader that decodes a location must not find dot segments in it either. */
  private static boolean isDotSegment(String segment) {
    String decoded = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
    return decoded.equals(".") || decoded.equals("..");
  }

  private static BadRequestException refused(String key, String location, String reason) {
    return new BadRequestException("%s %s is refused: %s", key, location, reason);
  }
}
