package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The history that a replica which begins with the heads of its table's refs does without for now.
 *
 * <p>The first version holds the heads alone. From then on, what a commit adds comes at once, and
 * older snapshots follow in steps, newest first. What a ref names is never withheld.
 *
 * @param snapshots left out of this version
 * @param through the highest sequence number of snapshots that are still to come; empty when none
 *     is
 */
public record Withheld(Set<Long> snapshots, OptionalLong through) {
  /** Nothing is left out. */
  public static final Withheld NOTHING = new Withheld(Set.of(), OptionalLong.empty());

  private static final int STEP = 16;

  /** Copies the set. */
  public Withheld {
    snapshots = Set.copyOf(snapshots);
  }

  /**
   * What is left out of a version of the source.
   *
   * @param through the same of the version before
   * @param again whether the version was applied before: then the next step of history comes with
   *     it
   * @param expiry what the replica's retention leaves out in any case
   */
  public static Withheld of(
      OptionalLong through,
      boolean again,
      ObjectNode source,
      Optional<ObjectNode> previous,
      Expiry expiry) {
    if (through.isEmpty()) {
      return NOTHING;
    }
    List<ObjectNode> history = history(through.getAsLong(), source, previous, expiry);
    if (history.stream().anyMatch(snapshot -> number(snapshot) == 0)) {
      // Format version 1 does not number its snapshots: nothing tells history from news.
      return NOTHING;
    }
    List<ObjectNode> left =
        history.subList(Math.min(again ? STEP : 0, history.size()), history.size());
    if (left.isEmpty()) {
      return NOTHING;
    }
    return new Withheld(
        left.stream().map(Withheld::id).collect(Collectors.toSet()),
        OptionalLong.of(number(left.get(0))));
  }

  /** What may be left out, newest first. */
  private static List<ObjectNode> history(
      long through, ObjectNode source, Optional<ObjectNode> previous, Expiry expiry) {
    Map<Long, ObjectNode> missing = Json.byId(source, "snapshots", "snapshot-id");
    missing.keySet().removeAll(expiry.snapshots());
    missing.keySet().removeAll(heads(source));
    previous.ifPresent(
        held -> missing.keySet().removeAll(Json.byId(held, "snapshots", "snapshot-id").keySet()));
    return missing.values().stream()
        .filter(snapshot -> number(snapshot) <= through)
        .sorted(Comparator.comparingLong(Withheld::number).reversed())
        .toList();
  }

  private static Set<Long> heads(ObjectNode source) {
    Set<Long> heads = new HashSet<>();
    heads.add(Json.longOr(source, "current-snapshot-id", -1));
    for (JsonNode ref : source.path("refs")) {
      heads.add(Json.requireLong(ref, "snapshot-id"));
    }
    return heads;
  }

  private static long id(ObjectNode snapshot) {
    return Json.requireLong(snapshot, "snapshot-id");
  }

  private static long number(ObjectNode snapshot) {
    return Json.longOr(snapshot, "sequence-number", 0);
  }
}
