package io.twinberg.replicator.mapping;

import io.twinberg.replica.PrefixMapping;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What makes a mapping list injective: targets below the folder that do not meet one another. */
final class ReplicaLayout {
  private static final Pattern SLASH = Pattern.compile("/");
  // The former holds the replica's own files, the latter the hashed folders.
  private static final Set<String> RESERVED = Set.of("metadata", LocationMapping.EXTERNAL);

  private ReplicaLayout() {}

  static void check(String folder, List<PrefixMapping> prefixes) {
    require(
        Paths.isAbsolute(folder) && !folder.endsWith("/"),
        "replica folder '" + folder + "' must be absolute and carry no trailing slash");
    prefixes.forEach(prefix -> checkTarget(folder, prefix.targetPrefix()));
    checkSources(prefixes);
    checkDisjoint(prefixes);
  }

  private static void checkTarget(String folder, String target) {
    require(target.startsWith(folder + "/"), "target '" + target + "' is not below " + folder);
    String[] segments = SLASH.split(target.substring(folder.length() + 1), -1);
    for (String segment : segments) {
      require(
          !Set.of("", ".", "..").contains(segment),
          "target '" + target + "' has an empty or dot segment");
    }
    require(
        !RESERVED.contains(segments[0].toLowerCase(Locale.ROOT)),
        "target '" + target + "' lies in a reserved folder");
  }

  private static void checkSources(List<PrefixMapping> prefixes) {
    Set<String> seen = new HashSet<>();
    for (PrefixMapping prefix : prefixes) {
      require(
          seen.add(prefix.sourcePrefix()),
          "source prefix '" + prefix.sourcePrefix() + "' is mapped twice");
    }
  }

  private static void checkDisjoint(List<PrefixMapping> prefixes) {
    for (PrefixMapping outer : prefixes) {
      for (PrefixMapping inner : prefixes) {
        require(
            outer.equals(inner) || !meets(outer.targetPrefix(), inner.targetPrefix()),
            "targets '" + outer.targetPrefix() + "' and '" + inner.targetPrefix() + "' overlap");
      }
    }
  }

  private static boolean meets(String outer, String inner) {
    return (inner + "/").startsWith(outer + "/");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
