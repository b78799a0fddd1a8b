package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The branches and tags that a replica has, where it does not have all of them: with them come the
 * snapshots that they reach, of a branch its whole history, of a tag the one that it names.
 *
 * @param branches says of a branch's name whether the replica has it
 * @param tags says the same of a tag's name
 */
public record SelectedRefs(Predicate<String> branches, Predicate<String> tags) {
  private static final String REFS = "refs";

  /** A version of the source without the other refs; its snapshots are all there still. */
  public ObjectNode narrowed(ObjectNode source) {
    if (Json.isAbsent(source, REFS)) {
      // Metadata of early writers: there is nothing but the current snapshot.
      return source;
    }
    ObjectNode narrowed = source.objectNode();
    narrowed.setAll(source);
    ObjectNode refs = narrowed.putObject(REFS);
    for (Map.Entry<String, JsonNode> ref : source.path(REFS).properties()) {
      if ((isBranch(ref.getValue()) ? branches : tags).test(ref.getKey())) {
        refs.set(ref.getKey(), ref.getValue());
      }
    }
    return narrowed;
  }

  /**
   * The snapshots of a narrowed version that the replica does without: no ref reaches them, and the
   * replica does not hold them from the time before.
   */
  public static Set<Long> unreached(ObjectNode narrowed, Optional<ObjectNode> previous) {
    Map<Long, ObjectNode> snapshots = Json.byId(narrowed, "snapshots", "snapshot-id");
    Set<Long> unreached = new HashSet<>(snapshots.keySet());
    unreached.removeAll(reached(narrowed, snapshots));
    previous.ifPresent(
        held -> unreached.removeAll(Json.byId(held, "snapshots", "snapshot-id").keySet()));
    return unreached;
  }

  private static Set<Long> reached(ObjectNode tree, Map<Long, ObjectNode> snapshots) {
    Set<Long> reached = new HashSet<>();
    history(Json.longOr(tree, "current-snapshot-id", -1), snapshots, reached);
    for (JsonNode ref : tree.path(REFS)) {
      long head = Json.requireLong(ref, "snapshot-id");
      if (isBranch(ref)) {
        history(head, snapshots, reached);
      }
    }
    for (JsonNode ref : tree.path(REFS)) {
      reached.add(Json.requireLong(ref, "snapshot-id"));
    }
    return reached;
  }

  /** Adds a snapshot and those that it was made from; what is there already has its own there. */
  private static void history(long head, Map<Long, ObjectNode> snapshots, Set<Long> reached) {
    @Nullable ObjectNode snapshot = snapshots.get(head);
    while (snapshot != null && reached.add(Json.requireLong(snapshot, "snapshot-id"))) {
      snapshot = snapshots.get(Json.longOr(snapshot, "parent-snapshot-id", -1));
    }
  }

  private static boolean isBranch(JsonNode ref) {
    return "branch".equals(ref.path("type").asText());
  }
}
