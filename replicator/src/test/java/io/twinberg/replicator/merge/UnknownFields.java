package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/** Fields that no model knows, put at every level as a newer writer would. */
final class UnknownFields {
  static final String NAME = "x-future";

  private UnknownFields() {}

  static ObjectNode inject(ObjectNode tree) {
    tree.putObject(NAME).put("exact", new BigDecimal("1.10"));
    for (String field :
        new String[] {
          "snapshots",
          "schemas",
          "partition-specs",
          "sort-orders",
          "statistics",
          "partition-statistics",
          "snapshot-log"
        }) {
      Json.objects(tree, field).forEach(object -> object.put(NAME, field));
    }
    for (JsonNode ref : tree.path("refs")) {
      ((ObjectNode) ref).put(NAME, "ref");
    }
    return tree;
  }
}
