package io.twinberg.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A pattern over the levels of a name: {@code *} stands for any text within one level, a level
 * {@code **} for any number of levels, none included.
 */
public record NameGlob(List<String> levels) {
  static final String ANY_LEVELS = "**";
  private static final Pattern DOT = Pattern.compile(".", Pattern.LITERAL);
  private static final Pattern MEANINGLESS = Pattern.compile("[?\\[\\]{}\\\\]");

  public NameGlob {
    levels = List.copyOf(levels);
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("must be a glob of at least one level");
    }
    levels.forEach(NameGlob::check);
  }

  /** Reads a glob whose levels are separated by dots. */
  public static NameGlob parse(String dotted) {
    return new NameGlob(List.of(DOT.split(dotted, -1)));
  }

  public boolean matches(List<String> name) {
    return Wildcards.matches(levels, name, ANY_LEVELS, NameGlob::levelMatches);
  }

  /** Whether it matches the name or any beginning of it. */
  public boolean covers(List<String> name) {
    List<String> open = new ArrayList<>(levels);
    open.add(ANY_LEVELS);
    return Wildcards.matches(open, name, ANY_LEVELS, NameGlob::levelMatches);
  }

  /** Whether the name is a beginning of names that it may match. */
  public boolean leadsTo(List<String> name) {
    for (int i = 0; i < name.size(); i++) {
      if (i == levels.size()) {
        return false;
      }
      if (levels.get(i).equals(ANY_LEVELS)) {
        return true;
      }
      if (!levelMatches(levels.get(i), name.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The glob as it is written, with dots between its levels. */
  public String text() {
    return String.join(".", levels);
  }

  /** The levels that it demands. */
  int depth() {
    return (int) levels.stream().filter(level -> !level.equals(ANY_LEVELS)).count();
  }

  int literals() {
    return levels.stream().mapToInt(level -> level.length() - stars(level)).sum();
  }

  int wildcards() {
    return levels.stream().mapToInt(NameGlob::stars).sum();
  }

  private static int stars(String level) {
    return (int) level.chars().filter(it -> it == '*').count();
  }

  private static boolean levelMatches(String pattern, String level) {
    if (pattern.indexOf('*') < 0) {
      // Nearly all levels; thousands of rules may be asked about each of thousands of tables.
      return pattern.equals(level);
    }
    return Wildcards.matches(characters(pattern), characters(level), (int) '*', Integer::equals);
  }

  private static List<Integer> characters(String text) {
    return text.chars().boxed().toList();
  }

  private static void check(String level) {
    if (level.isEmpty()) {
      throw new IllegalArgumentException("must be a glob without empty levels");
    }
    if (level.contains(ANY_LEVELS) && !level.equals(ANY_LEVELS)) {
      throw new IllegalArgumentException("must be a glob in which '**' stands alone in its level");
    }
    if (MEANINGLESS.matcher(level).find()) {
      throw new IllegalArgumentException("must be a glob; it knows only '*' and '**'");
    }
  }
}
