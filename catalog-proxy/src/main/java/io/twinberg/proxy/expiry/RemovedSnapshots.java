package io.twinberg.proxy.expiry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.log.IntentKind;
import io.twinberg.proxy.capture.Mutation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Finds the snapshots that a commit removes in its body, read in one pass without building its
 * tree. A body that is no JSON removes nothing: the source refuses it.
 */
final class RemovedSnapshots {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<TableIdentifier, Set<Long>> found = new HashMap<>();

  private RemovedSnapshots() {}

  /** What is read at the value of a member. */
  private interface Reader {
    void read(String member) throws IOException;
  }

  /** The ids by table; tables from which nothing is removed are left out. */
  static Map<TableIdentifier, Set<Long>> in(Mutation mutation, byte[] body) {
    RemovedSnapshots removed = new RemovedSnapshots();
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        removed.read(mutation, parser);
      }
    } catch (IOException e) {
      removed.found.clear();
    }
    removed.found.values().removeIf(Set::isEmpty);
    return removed.found;
  }

  private void read(Mutation mutation, JsonParser parser) throws IOException {
    if (mutation.kind() == IntentKind.UPDATE_TABLE) {
      Set<Long> ids = found.computeIfAbsent(mutation.targets().get(0), table -> new HashSet<>());
      change(parser, ids, new ArrayList<>());
    } else if (mutation.kind() == IntentKind.TRANSACTION) {
      members(parser, member -> changes(member, parser));
    }
  }

  private void changes(String member, JsonParser parser) throws IOException {
    if (!member.equals("table-changes") || parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      Set<Long> ids = new HashSet<>();
      List<TableIdentifier> names = new ArrayList<>();
      change(parser, ids, names);
      names.forEach(name -> found.computeIfAbsent(name, table -> new HashSet<>()).addAll(ids));
    }
  }

  /** The changes of one table; who reads a table's own route knows its name already. */
  private static void change(JsonParser parser, Set<Long> ids, List<TableIdentifier> names)
      throws IOException {
    members(
        parser,
        member -> {
          if (member.equals("updates") && parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
              ids.addAll(update(parser));
            }
          } else if (member.equals("identifier")) {
            names.add(identifier(JSON.readTree(parser)));
          } else {
            parser.skipChildren();
          }
        });
  }

  /** The members of an update may come in any order. */
  private static Set<Long> update(JsonParser parser) throws IOException {
    Set<Long> ids = new HashSet<>();
    Set<String> actions = new HashSet<>();
    members(
        parser,
        member -> {
          if (member.equals("action")) {
            actions.add(parser.getValueAsString(""));
            parser.skipChildren();
          } else if (member.equals("snapshot-ids")) {
            JSON.<JsonNode>readTree(parser).forEach(id -> ids.add(id.asLong()));
          } else {
            parser.skipChildren();
          }
        });
    return actions.contains("remove-snapshots") ? ids : Set.of();
  }

  private static void members(JsonParser parser, Reader reader) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String member = parser.currentName();
      parser.nextToken();
      reader.read(member);
    }
  }

  private static TableIdentifier identifier(JsonNode node) {
    List<String> levels = new ArrayList<>();
    node.path("namespace").forEach(level -> levels.add(level.asText()));
    return TableIdentifier.of(
        Namespace.of(levels.toArray(String[]::new)), node.path("name").asText());
  }
}
