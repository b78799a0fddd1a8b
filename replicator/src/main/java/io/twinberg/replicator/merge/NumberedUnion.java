package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Partition specs or sort orders: those of the source, and those it has dropped. */
final class NumberedUnion {
  // What a field of either means; further members are left to the source.
  private static final String[] MEANING = {
    "source-id", "source-ids", "transform", "field-id", "name", "direction", "null-order"
  };

  private NumberedUnion() {}

  /**
   * The union. An id that came back with another meaning is refused while the replica holds
   * snapshots that may use the old one: their manifest lists name it.
   */
  static List<ObjectNode> of(
      ObjectNode source, ObjectNode previous, String field, String id, ReplicaOnly replicaOnly) {
    Map<Long, ObjectNode> atSource = Json.byId(source, field, id);
    List<ObjectNode> union = new ArrayList<>(Json.objects(source, field));
    Json.byId(previous, field, id)
        .forEach(
            (number, old) -> {
              if (!atSource.containsKey(number)) {
                union.add(old.deepCopy());
              } else if (!replicaOnly.isEmpty() && !same(old, atSource.get(number))) {
                throw collision(field, id, number);
              }
            });
    return union;
  }

  private static UnsupportedMergeException collision(String field, String id, long number) {
    return new UnsupportedMergeException(
        "%s %d of %s has another meaning than before, and the replica keeps snapshots that use the"
                .formatted(id, number, field)
            + " old one: merging them is not supported yet");
  }

  private static boolean same(ObjectNode some, ObjectNode other) {
    return some.equals(other) || meaning(some).equals(meaning(other));
  }

  private static List<JsonNode> meaning(ObjectNode numbered) {
    List<JsonNode> meaning = new ArrayList<>();
    for (JsonNode field : numbered.path("fields")) {
      for (String member : MEANING) {
        meaning.add(field.path(member));
      }
    }
    return meaning;
  }
}
