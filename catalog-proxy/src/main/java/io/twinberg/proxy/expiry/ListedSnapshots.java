package io.twinberg.proxy.expiry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The snapshots that a metadata file lists.
 *
 * @param sequenceNumbers by snapshot id; 0 in tables of format version 1, which have none
 */
record ListedSnapshots(Map<Long, Long> sequenceNumbers) {
  /** A file that is not at hand lists nothing. */
  static final ListedSnapshots NONE = new ListedSnapshots(Map.of());

  private static final JsonFactory JSON = new JsonFactory();

  /** Reads them in one pass, without building the tree of a large file. */
  static ListedSnapshots in(byte[] metadata) {
    Map<Long, Long> listed = new HashMap<>();
    try (JsonParser parser = JSON.createParser(metadata)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        boolean array = parser.nextToken() == JsonToken.START_ARRAY;
        if (array && field.equals("snapshots")) {
          snapshots(parser, listed);
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      // Not readable to its end: what it proves is what was read of it.
    }
    return new ListedSnapshots(listed);
  }

  private static void snapshots(JsonParser parser, Map<Long, Long> listed) throws IOException {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      long id = -1;
      long number = 0;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "snapshot-id" -> id = parser.getValueAsLong(-1);
          case "sequence-number" -> number = parser.getValueAsLong(0);
          default -> parser.skipChildren();
        }
      }
      listed.put(id, number);
    }
  }

  Set<Long> ids() {
    return sequenceNumbers.keySet();
  }
}
