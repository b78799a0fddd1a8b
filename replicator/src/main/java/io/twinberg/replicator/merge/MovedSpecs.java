package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Partition specs whose ids the source has given another meaning: Iceberg numbers a new spec from
 * the highest one present, so that the id of a spec that was removed comes back. The old spec moves
 * to a fresh id, and so do the manifest lists of snapshots that only the replica still has.
 *
 * <p>The manifests themselves stay: readers take the id from the list, and a manifest's own header
 * holds the whole spec that it was written with. A manifest that a live snapshot of the source
 * lists too keeps the meaning that the source gives it there.
 *
 * @param freshIds fresh ids by the ids they replace
 */
public record MovedSpecs(Map<Integer, Integer> freshIds) {
  /** Nothing moves. */
  public static final MovedSpecs NONE = new MovedSpecs(Map.of());

  private static final String FIELD = "partition-specs";
  private static final String ID = "spec-id";

  /** Fresh ids keep clear of those that the source will give next. */
  private static final long FIRST_FRESH_ID = 1_000_000;

  private static final int FIRST_FIELD_ID = 1000;

  // What a field means; further members are left to the source.
  private static final List<String> MEANING =
      List.of("source-id", "source-ids", "transform", "name");

  /** Copies the map. */
  public MovedSpecs {
    freshIds = Map.copyOf(freshIds);
  }

  /** The specs that have to move, if manifest lists of the replica's own snapshots name them. */
  public static MovedSpecs of(ObjectNode source, Optional<ObjectNode> previous, Expiry expiry) {
    if (previous.isEmpty() || ReplicaOnly.of(previous.get(), source, expiry).isEmpty()) {
      return NONE;
    }
    Map<Long, ObjectNode> atSource = Json.byId(source, FIELD, ID);
    Map<Long, ObjectNode> held = Json.byId(previous.get(), FIELD, ID);
    long fresh = Math.max(FIRST_FRESH_ID, 1 + Math.max(highest(atSource), highest(held)));
    Map<Integer, Integer> moved = new HashMap<>();
    for (Map.Entry<Long, ObjectNode> old : held.entrySet()) {
      ObjectNode current = atSource.get(old.getKey());
      if (current != null && !same(old.getValue(), current)) {
        moved.put(Math.toIntExact(old.getKey()), Math.toIntExact(fresh++));
      }
    }
    return new MovedSpecs(moved);
  }

  /** Whether no id has another meaning than before. */
  public boolean isEmpty() {
    return freshIds.isEmpty();
  }

  /** Those of the given ids alone. */
  public MovedSpecs only(Set<Integer> ids) {
    Map<Integer, Integer> used = new HashMap<>(freshIds);
    used.keySet().retainAll(ids);
    return new MovedSpecs(used);
  }

  /** The specs of the source, and those it has dropped or given another meaning. */
  List<ObjectNode> union(ObjectNode source, ObjectNode previous, boolean keepsDropped) {
    List<ObjectNode> union = new ArrayList<>(Json.objects(source, FIELD));
    Set<Long> atSource = Json.byId(source, FIELD, ID).keySet();
    Json.byId(previous, FIELD, ID)
        .forEach(
            (id, old) -> {
              Integer fresh = freshIds.get(id.intValue());
              if (fresh != null) {
                union.add(old.deepCopy().put(ID, fresh));
              } else if (keepsDropped && !atSource.contains(id)) {
                union.add(old.deepCopy());
              }
            });
    return union;
  }

  private static long highest(Map<Long, ObjectNode> byId) {
    return byId.keySet().stream().flatMapToLong(LongStream::of).max().orElse(-1);
  }

  private static boolean same(ObjectNode some, ObjectNode other) {
    return some.equals(other) || meaning(some).equals(meaning(other));
  }

  private static List<JsonNode> meaning(ObjectNode spec) {
    List<JsonNode> meaning = new ArrayList<>();
    int position = 0;
    for (JsonNode field : spec.path("fields")) {
      MEANING.forEach(member -> meaning.add(field.path(member)));
      // Format version 1 leaves the numbers of the fields to the reader.
      meaning.add(
          spec.numberNode(Json.longOr(field, "field-id", FIRST_FIELD_ID + (long) position++)));
    }
    return meaning;
  }
}
