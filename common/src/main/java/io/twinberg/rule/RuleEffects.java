package io.twinberg.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a change of rules means for the tables that are known.
 *
 * @param tables how many it covers
 * @param destinations what happens at each destination that it concerns
 * @param moves how many tables leave one destination for another, by "us instead of eu"
 * @param newTables what becomes of those that are not known yet
 */
public record RuleEffects(
    long tables,
    SortedMap<String, AtDestination> destinations,
    SortedMap<String, Long> moves,
    NewTables newTables) {
  /** Those of a change that does not happen. */
  static final RuleEffects NONE =
      new RuleEffects(0, new TreeMap<>(), new TreeMap<>(), NewTables.NONE);

  /** Copies the maps. */
  public RuleEffects {
    destinations = new TreeMap<>(destinations);
    moves = new TreeMap<>(moves);
  }

  /**
   * How many replicas of a destination do what.
   *
   * @param begin are made, and all that exists is copied
   * @param resume stood still and go on where they are
   * @param stop are no longer updated
   * @param rename go on under another name
   * @param stay go on as before
   */
  public record AtDestination(long begin, long resume, long stop, long rename, long stay) {
    AtDestination plus(AtDestination other) {
      return new AtDestination(
          begin + other.begin,
          resume + other.resume,
          stop + other.stop,
          rename + other.rename,
          stay + other.stay);
    }

    private boolean changes() {
      return begin + resume + stop + rename > 0;
    }
  }

  /** The same for people. */
  public List<String> sentences() {
    if (tables == 0) {
      return List.of(newTables.sentence());
    }
    List<String> sentences = new ArrayList<>();
    moves.forEach(
        (where, count) ->
            sentences.add("%s to %s.".formatted(count(count, "table goes", "tables go"), where)));
    destinations.forEach((name, at) -> describe(name, at, sentences));
    if (sentences.isEmpty()) {
      sentences.add(
          "Nothing changes for the %s that it covers."
              .formatted(count(tables, "known table", "known tables")));
    }
    return sentences;
  }

  private static void describe(String name, AtDestination at, List<String> sentences) {
    if (!at.changes()) {
      return;
    }
    add(
        sentences,
        at.begin(),
        "replica at " + name + " begins: all that is there is copied to it.",
        "replicas at " + name + " begin: all that is there is copied to them.");
    add(
        sentences,
        at.resume(),
        "replica at " + name + " goes on where it stands.",
        "replicas at " + name + " go on where they stand.");
    add(
        sentences,
        at.rename(),
        "replica at " + name + " gets another name; no file is copied again.",
        "replicas at " + name + " get other names; no file is copied again.");
    add(
        sentences,
        at.stop(),
        "replica at " + name + " is no longer updated; it stays readable.",
        "replicas at " + name + " are no longer updated; they stay readable.");
  }

  private static void add(List<String> sentences, long count, String one, String many) {
    if (count > 0) {
      sentences.add(count(count, one, many));
    }
  }

  private static String count(long count, String one, String many) {
    return count == 1 ? "1 " + one : count + " " + many;
  }
}
