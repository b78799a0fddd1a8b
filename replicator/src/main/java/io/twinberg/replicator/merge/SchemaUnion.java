package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SchemaParser;

/**
 * The schemas of the source, and those it has dropped.
 *
 * <p>Iceberg gives a new schema the highest id present plus one, so that the id of a schema that
 * was expired comes back with another meaning. The old schema then moves to a fresh id, with the
 * snapshots that only the replica still has.
 */
final class SchemaUnion {
  private static final String ID = "schema-id";

  private final List<ObjectNode> schemas;
  private final Map<Long, Long> moved = new HashMap<>();

  private SchemaUnion(List<ObjectNode> sourceSchemas) {
    this.schemas = new ArrayList<>(sourceSchemas);
  }

  /**
   * The union.
   *
   * @param keepsDropped whether schemas stay that the source has dropped and no snapshot uses
   */
  static SchemaUnion of(
      ObjectNode source, ObjectNode previous, ReplicaOnly replicaOnly, boolean keepsDropped) {
    Map<Long, ObjectNode> atSource = Json.byId(source, "schemas", ID);
    Map<Long, ObjectNode> held = Json.byId(previous, "schemas", ID);
    long freshId = 1 + highest(atSource, held);
    SchemaUnion union = new SchemaUnion(Json.objects(source, "schemas"));
    for (Map.Entry<Long, ObjectNode> old : held.entrySet()) {
      ObjectNode current = atSource.get(old.getKey());
      boolean used = replicaOnly.usesSchema(old.getKey());
      if (current == null && (keepsDropped || used)) {
        union.keep(old.getValue(), old.getKey());
      } else if (current != null && used && !same(old.getValue(), current)) {
        union.keep(old.getValue(), freshId);
        union.moved.put(old.getKey(), freshId++);
      }
    }
    return union;
  }

  List<ObjectNode> schemas() {
    return schemas;
  }

  /** Fresh ids by the ids they replace, for snapshots that only the replica has. */
  Map<Long, Long> moved() {
    return moved;
  }

  private void keep(ObjectNode schema, long id) {
    schemas.add(schema.deepCopy().put(ID, Math.toIntExact(id)));
  }

  private static long highest(Map<Long, ObjectNode> some, Map<Long, ObjectNode> others) {
    return LongStream.concat(ids(some), ids(others)).max().orElse(-1);
  }

  private static LongStream ids(Map<Long, ObjectNode> byId) {
    return byId.keySet().stream().mapToLong(Long::longValue);
  }

  // Another writer may spell the same schema in another way.
  private static boolean same(ObjectNode some, ObjectNode other) {
    if (some.equals(other)) {
      return true;
    }
    Schema left = SchemaParser.fromJson(some);
    Schema right = SchemaParser.fromJson(other);
    return left.sameSchema(right);
  }
}
