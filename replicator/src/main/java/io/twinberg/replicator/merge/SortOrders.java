package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sort orders: those of the source, and those it has dropped. Iceberg never removes any. */
final class SortOrders {
  private static final String FIELD = "sort-orders";
  private static final String ID = "order-id";

  // What a field means; further members are left to the source.
  private static final List<String> MEANING =
      List.of("source-id", "source-ids", "transform", "direction", "null-order");

  private SortOrders() {}

  /**
   * The union. An id that came back with another meaning is refused while the replica holds
   * snapshots of its own: their data files name it, and readers may trust the order.
   */
  static List<ObjectNode> union(ObjectNode source, ObjectNode previous, ReplicaOnly replicaOnly) {
    Map<Long, ObjectNode> atSource = Json.byId(source, FIELD, ID);
    List<ObjectNode> union = new ArrayList<>(Json.objects(source, FIELD));
    Json.byId(previous, FIELD, ID)
        .forEach(
            (id, old) -> {
              if (!atSource.containsKey(id)) {
                union.add(old.deepCopy());
              } else if (!replicaOnly.isEmpty() && !same(old, atSource.get(id))) {
                throw new UnsupportedMergeException(
                    "order-id %d of sort-orders has another meaning than before, and the replica keeps snapshots"
                            .formatted(id)
                        + " whose files may be sorted by the old one");
              }
            });
    return union;
  }

  private static boolean same(ObjectNode some, ObjectNode other) {
    return some.equals(other) || meaning(some).equals(meaning(other));
  }

  private static List<JsonNode> meaning(ObjectNode order) {
    List<JsonNode> meaning = new ArrayList<>();
    for (JsonNode field : order.path("fields")) {
      MEANING.forEach(member -> meaning.add(field.path(member)));
    }
    return meaning;
  }
}
