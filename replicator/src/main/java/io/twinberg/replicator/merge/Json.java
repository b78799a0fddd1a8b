package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads of a metadata tree that fail with the field's name instead of a default that lies. */
final class Json {
  private Json() {}

  static long requireLong(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException("metadata has no number '" + field + "'");
    }
    return value.longValue();
  }

  /** A number that old metadata may lack. */
  static long longOr(JsonNode node, String field, long absent) {
    return isAbsent(node, field) ? absent : requireLong(node, field);
  }

  static String requireText(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("metadata has no text '" + field + "'");
    }
    return value.textValue();
  }

  static boolean isAbsent(JsonNode node, String field) {
    return node.path(field).isMissingNode() || node.path(field).isNull();
  }

  /** The objects of an array; none if it is absent. */
  static List<ObjectNode> objects(JsonNode node, String field) {
    List<ObjectNode> objects = new ArrayList<>();
    for (JsonNode item : node.path(field)) {
      if (!(item instanceof ObjectNode object)) {
        throw new IllegalArgumentException("an entry of '" + field + "' is not an object");
      }
      objects.add(object);
    }
    return objects;
  }

  /** The objects of an array by their id, in order; none if it is absent. */
  static Map<Long, ObjectNode> byId(JsonNode node, String field, String id) {
    Map<Long, ObjectNode> byId = new LinkedHashMap<>();
    objects(node, field).forEach(object -> byId.put(requireLong(object, id), object));
    return byId;
  }

  /** Replaces an array; an absent one stays absent while there is nothing to hold. */
  static void replace(ObjectNode tree, String field, List<ObjectNode> items) {
    if (!items.isEmpty() || !isAbsent(tree, field)) {
      ArrayNode array = tree.arrayNode(items.size());
      items.forEach(array::add);
      tree.set(field, array);
    }
  }
}
