package io.twinberg.proxy.guard;

import io.twinberg.http.PathSegments;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Takes names apart as the catalog behind will. What a foreign catalog could read in another way
 * than we do is in doubt: its separator may be a dot or a colon, it may decode twice, cut path
 * parameters off, or read a plus as a space.
 */
record Names(boolean foreign) {
  private static final String SEPARATOR = "\u001f";
  private static final Pattern PLAIN_LEVEL = Pattern.compile("[\\p{L}\\p{M}\\p{N}_-]+");
  private static final Pattern PLAIN_NAME = Pattern.compile("[^/\\\\%;?#+\\p{Cntrl}]+");
  private static final Pattern CUTTING = Pattern.compile("[/\\\\%;?\\p{Cntrl}]");
  private static final Pattern DOTS = Pattern.compile("\\.{1,2}");

  /** The levels of a namespace's raw segment, empty when it is in doubt. */
  Optional<List<String>> namespace(String segment) {
    return decoded(segment).flatMap(this::split);
  }

  /** The levels of a decoded namespace, empty when it is in doubt. */
  Optional<List<String>> split(String decoded) {
    return levels(List.of(decoded.split(SEPARATOR, -1)));
  }

  /** The levels themselves, empty when one of them is in doubt. */
  Optional<List<String>> levels(List<String> levels) {
    boolean sound = !levels.isEmpty() && levels.stream().allMatch(this::isLevel);
    return sound ? Optional.of(levels) : Optional.empty();
  }

  /** Whether a raw segment below the namespace is one name and nothing else. */
  boolean isName(String segment) {
    return decoded(segment)
        .filter(name -> !DOTS.matcher(name).matches())
        .filter(name -> !foreign || PLAIN_NAME.matcher(name).matches())
        .isPresent();
  }

  /**
   * Whether the catalog might cut a raw segment, and so take the path for that of another route.
   */
  boolean mayRouteElsewhere(String segment) {
    return foreign
        && decoded(segment)
            .map(name -> CUTTING.matcher(name.replace(SEPARATOR, "")).find())
            .orElse(true);
  }

  private boolean isLevel(String level) {
    return foreign
        ? PLAIN_LEVEL.matcher(level).matches()
        : !level.isEmpty() && !level.contains(SEPARATOR);
  }

  private static Optional<String> decoded(String segment) {
    try {
      return Optional.of(PathSegments.decode(segment));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
