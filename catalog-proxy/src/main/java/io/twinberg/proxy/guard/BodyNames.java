package io.twinberg.proxy.guard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a body names, read without building the tree of a large commit. A body that could be read in
 * two ways (members that come twice, text behind its end, another encoding) names nothing.
 */
final class BodyNames {
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private BodyNames() {}

  /** What is read at one member of an object. */
  private interface Reader {
    void read(String member, JsonParser parser) throws IOException;
  }

  /** The namespace to create. */
  static Optional<List<List<String>>> created(byte[] body) {
    List<JsonNode> found = new ArrayList<>();
    boolean sound = read(body, collecting(Set.of("namespace"), found));
    return sound && found.size() == 1 ? all(found) : Optional.empty();
  }

  /** The namespaces of the old and the new name. */
  static Optional<List<List<String>>> renamed(byte[] body) {
    List<JsonNode> found = new ArrayList<>();
    boolean sound = read(body, collecting(Set.of("source", "destination"), found));
    return sound && found.size() == 2 ? ofIdentifiers(found) : Optional.empty();
  }

  /** The namespaces of the tables in a transaction. */
  static Optional<List<List<String>>> changed(byte[] body) {
    List<JsonNode> found = new ArrayList<>();
    int[] changes = {0};
    boolean sound =
        read(
            body,
            (member, parser) -> {
              if (member.equals("table-changes")) {
                changes[0] += changes(parser, collecting(Set.of("identifier"), found));
              } else {
                parser.skipChildren();
              }
            });
    return sound && !found.isEmpty() && found.size() == changes[0]
        ? ofIdentifiers(found)
        : Optional.empty();
  }

  /** Whether the storage request to sign can only read. */
  static boolean signsReading(byte[] body) {
    List<JsonNode> found = new ArrayList<>();
    boolean sound = read(body, collecting(Set.of("method"), found));
    return sound && found.size() == 1 && Set.of("GET", "HEAD").contains(found.get(0).asText());
  }

  private static Reader collecting(Set<String> wanted, List<JsonNode> found) {
    return (member, parser) -> {
      if (wanted.contains(member)) {
        found.add(JSON.readTree(parser));
      } else {
        parser.skipChildren();
      }
    };
  }

  private static int changes(JsonParser parser, Reader reader) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new IOException("the changes are no array");
    }
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new IOException("a change is no object");
      }
      members(parser, reader);
      count++;
    }
    return count;
  }

  /** Reads the body's members; false when it is not one sound object. */
  private static boolean read(byte[] body, Reader reader) {
    // With an encoding of our own saying, for the parser would guess UTF-16 from the first bytes.
    try (JsonParser parser =
        JSON.createParser(
            new InputStreamReader(
                new ByteArrayInputStream(body), StandardCharsets.UTF_8.newDecoder()))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      members(parser, reader);
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static void members(JsonParser parser, Reader reader) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String member = parser.currentName();
      parser.nextToken();
      reader.read(member, parser);
    }
  }

  private static Optional<List<List<String>>> ofIdentifiers(List<JsonNode> identifiers) {
    return all(identifiers.stream().map(identifier -> identifier.path("namespace")).toList());
  }

  private static Optional<List<List<String>>> all(List<JsonNode> namespaces) {
    List<List<String>> all = new ArrayList<>();
    for (JsonNode namespace : namespaces) {
      List<String> levels = new ArrayList<>();
      for (JsonNode level : namespace) {
        if (!level.isTextual()) {
          return Optional.empty();
        }
        levels.add(level.textValue());
      }
      if (!namespace.isArray()) {
        return Optional.empty();
      }
      all.add(levels);
    }
    return Optional.of(all);
  }
}
