package io.twinberg.proxy.capture;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Reads the targets out of request bodies, without building the tree of a large commit. A body that
 * is no JSON names nothing.
 */
final class MutationBody {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MutationBody() {}

  /** What is read at one place of a body. */
  private interface Reader {
    void read(String member, JsonParser parser) throws IOException;
  }

  static Optional<String> name(byte[] body) {
    return values(body, Set.of("name")).stream()
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .findFirst();
  }

  static List<String> namespace(byte[] body) {
    return values(body, Set.of("namespace")).stream()
        .findFirst()
        .map(MutationBody::levels)
        .orElse(List.of());
  }

  /** The old and the new name of a rename. */
  static List<TableIdentifier> renamed(byte[] body) {
    return identifiers(values(body, Set.of("source", "destination")));
  }

  /** The tables of a transaction. */
  static List<TableIdentifier> changed(byte[] body) {
    List<JsonNode> found = new ArrayList<>();
    read(
        body,
        (member, parser) -> {
          if (member.equals("table-changes") && parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
              members(parser, collect(Set.of("identifier"), found));
            }
          } else {
            parser.skipChildren();
          }
        });
    return identifiers(found);
  }

  private static List<JsonNode> values(byte[] body, Set<String> wanted) {
    List<JsonNode> found = new ArrayList<>();
    read(body, collect(wanted, found));
    return found;
  }

  private static Reader collect(Set<String> wanted, List<JsonNode> found) {
    return (member, parser) -> {
      if (wanted.contains(member)) {
        found.add(JSON.readTree(parser));
      } else {
        parser.skipChildren();
      }
    };
  }

  private static void read(byte[] body, Reader reader) {
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        members(parser, reader);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("the body is not JSON", e);
    }
  }

  private static void members(JsonParser parser, Reader reader) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String member = parser.currentName();
      parser.nextToken();
      reader.read(member, parser);
    }
  }

  private static List<TableIdentifier> identifiers(List<JsonNode> nodes) {
    return nodes.stream()
        .map(
            node ->
                TableIdentifier.of(
                    Namespace.of(levels(node.path("namespace")).toArray(String[]::new)),
                    node.path("name").asText()))
        .toList();
  }

  private static List<String> levels(JsonNode array) {
    List<String> levels = new ArrayList<>();
    array.forEach(level -> levels.add(level.asText()));
    return levels;
  }
}
