package io.twinberg.replicator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.twinberg.config.RefSelection;
import io.twinberg.replicator.verify.Violation.Kind;
import io.twinberg.source.MetadataJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;

/**
 * Holds a replica's metadata against the source's of the same version. The replica may have more
 * history and fewer refs, and its paths are its own; everything else is the same.
 */
final class MetadataComparison {
  private static final Set<String> OWN = Set.of("location", "metadata-log");
  private static final Set<String> FOLDERS =
      Set.of(
          "write.data.path",
          "write.metadata.path",
          "write.folder-storage.path",
          "write.object-storage.path");

  /** The lists in which the replica may have more, and what tells their members apart. */
  private static final Map<String, String> UNITED =
      Map.of(
          "snapshots", "snapshot-id",
          "schemas", "schema-id",
          "partition-specs", "spec-id",
          "sort-orders", "order-id",
          "statistics", "snapshot-id",
          "partition-statistics", "snapshot-id");

  private record Difference(Kind kind, String field, Object expected, Object actual) {}

  private final String folder;
  private final RefSelection refs;
  private final Set<Long> expirable;
  private final List<Difference> differences = new ArrayList<>();

  private MetadataComparison(Subject subject, Set<Long> expirable) {
    this.folder = subject.folder();
    this.refs = subject.refs();
    this.expirable = expirable;
  }

  /**
   * Reports what differs. Catalogs spell metadata in their own ways; where spellings differ, what
   * Iceberg reads from both decides.
   *
   * @param expirable the snapshots of the source that the replica may have expired on its own
   */
  static void compare(
      Subject subject,
      ObjectNode replica,
      TableMetadata parsed,
      SourceSide source,
      Set<Long> expirable,
      Findings findings) {
    ObjectNode original = source.tree().orElseThrow();
    List<Difference> differences = differences(subject, original, replica, expirable);
    if (!differences.isEmpty()) {
      differences =
          differences(subject, spelt(source.metadata().orElseThrow()), spelt(parsed), expirable);
      if (differences.isEmpty()) {
        findings.notCompared(
            "fields of the metadata that Iceberg does not read", "they are spelt differently");
      }
    }
    String path = subject.metadataLocation();
    differences.forEach(
        one ->
            findings.violation(one.kind(), path + " " + one.field(), one.expected(), one.actual()));
  }

  private static ObjectNode spelt(TableMetadata metadata) {
    return MetadataJson.parse(
        TableMetadataParser.toJson(metadata).getBytes(StandardCharsets.UTF_8));
  }

  private static List<Difference> differences(
      Subject subject, ObjectNode original, ObjectNode replica, Set<Long> expirable) {
    MetadataComparison comparison = new MetadataComparison(subject, expirable);
    comparison.tables(original, replica);
    return comparison.differences;
  }

  private void tables(ObjectNode original, ObjectNode replica) {
    if (!replica.path("location").asText().equals(folder)) {
      differ("location", folder, replica.path("location"));
    }
    for (String field : fields(original, replica)) {
      JsonNode there = original.path(field);
      JsonNode here = replica.path(field);
      if (OWN.contains(field)) {
        continue;
      }
      if (UNITED.containsKey(field)) {
        united(field, UNITED.get(field), there, here);
      } else if (field.equals("refs")) {
        refs(there, here);
      } else if (field.equals("snapshot-log")) {
        log(there, here);
      } else if (field.equals("properties")) {
        properties(there, here);
      } else if (!same(there, here)) {
        differ(field, there, here);
      }
    }
  }

  private void refs(JsonNode original, JsonNode replica) {
    for (String name : fields(original, replica)) {
      JsonNode there = original.path(name);
      boolean branch = there.path("type").asText().equals("branch");
      boolean selected = there.isMissingNode() || Expirable.isSelected(refs, name, branch);
      if (selected ? !same(there, replica.path(name)) : replica.has(name)) {
        differ("refs " + name, selected ? there : "none, by its rule", replica.path(name));
      }
    }
  }

  private static Set<String> fields(JsonNode original, JsonNode replica) {
    Set<String> fields = new TreeSet<>();
    original.fieldNames().forEachRemaining(fields::add);
    replica.fieldNames().forEachRemaining(fields::add);
    return fields;
  }

  private void united(String field, String id, JsonNode original, JsonNode replica) {
    Map<Long, JsonNode> here = byId(replica, id);
    byId(original, id)
        .forEach(
            (number, there) -> {
              String name = field + " " + number;
              if (!here.containsKey(number)) {
                missing(field, name, there);
              } else if (!same(pathless(there), pathless(here.get(number)))) {
                differ(name, there, here.get(number));
              }
            });
  }

  private void missing(String field, String name, JsonNode original) {
    boolean snapshot = field.equals("snapshots");
    boolean allowed = expirable.contains(original.path("snapshot-id").asLong());
    if (snapshot && !allowed) {
      differences.add(new Difference(Kind.SNAPSHOT_MISSING, name, original, "no such snapshot"));
    } else if (!snapshot && !(allowed && field.endsWith("statistics"))) {
      differ(name, original, "none");
    }
  }

  private static Map<Long, JsonNode> byId(JsonNode list, String id) {
    Map<Long, JsonNode> byId = new LinkedHashMap<>();
    list.forEach(member -> byId.put(member.path(id).asLong(), member));
    return byId;
  }

  private static JsonNode pathless(JsonNode member) {
    ObjectNode copy = member.deepCopy();
    replace(copy, "manifest-list");
    replace(copy, "statistics-path");
    if (copy.path("manifests").isArray()) {
      copy.put("manifests", copy.path("manifests").size());
    }
    return copy;
  }

  /** That there is a path stays. */
  private static void replace(ObjectNode copy, String field) {
    if (copy.path(field).isTextual()) {
      copy.set(field, TextNode.valueOf("a path"));
    }
  }

  /** The source cuts the front of its log when it expires snapshots, and so may the replica. */
  private void log(JsonNode original, JsonNode replica) {
    boolean shorter = replica.size() < original.size();
    JsonNode longer = shorter ? original : replica;
    JsonNode tail = shorter ? replica : original;
    int start = longer.size() - tail.size();
    if (shorter && !expirable.contains(original.path(start - 1).path("snapshot-id").asLong())) {
      differ("snapshot-log", original.size() + " entries", replica.size());
    }
    for (int i = 0; i < tail.size(); i++) {
      if (!same(tail.path(i), longer.path(start + i))) {
        differ("snapshot-log " + i, original, replica);
        return;
      }
    }
  }

  private void properties(JsonNode original, JsonNode replica) {
    for (String key : fields(original, replica)) {
      JsonNode there = original.path(key);
      JsonNode here = replica.path(key);
      if (FOLDERS.contains(key) && there.isTextual()) {
        String value = here.asText();
        if (!value.equals(folder) && !value.startsWith(folder + "/")) {
          differ("properties " + key, "a folder in " + folder, here);
        }
      } else if (!same(there, here) && !isOfAnAnswer(key, there)) {
        differ("properties " + key, there, here);
      }
    }
  }

  /** Nessie puts into its answers which of its commits they are of; its files do not have that. */
  private static boolean isOfAnAnswer(String key, JsonNode inTheFile) {
    return inTheFile.isMissingNode() && key.startsWith("nessie.");
  }

  private void differ(String field, Object expected, Object actual) {
    differences.add(new Difference(Kind.METADATA_DIFFERS, field, expected, actual));
  }

  /** Null and no field are the same, as is a current snapshot of -1. */
  private static boolean same(JsonNode some, JsonNode other) {
    return some.equals(other) || (isNone(some) && isNone(other)) || sameMembers(some, other);
  }

  private static boolean isNone(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isIntegralNumber() && value.asLong() == -1)
        || (value.isContainerNode() && value.isEmpty());
  }

  private static boolean sameMembers(JsonNode some, JsonNode other) {
    if (some.isObject() && other.isObject()) {
      return fields(some, other).stream().allMatch(name -> same(some.path(name), other.path(name)));
    }
    if (!some.isArray() || !other.isArray() || some.size() != other.size()) {
      return false;
    }
    Iterator<JsonNode> others = other.iterator();
    for (JsonNode one : some) {
      if (!same(one, others.next())) {
        return false;
      }
    }
    return true;
  }
}
