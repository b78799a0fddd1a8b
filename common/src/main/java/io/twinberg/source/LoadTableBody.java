package io.twinberg.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a load answer that Twinberg reads: the metadata location and the bytes of the
 * metadata, cut out as they are; and, where it asked for them, the credentials.
 */
record LoadTableBody(
    String metadataLocation, String tableUuid, byte[] metadata, TableCredentials credentials) {
  // The rest of the answer is no trailing token.
  private static final ObjectReader SUBTREE =
      MetadataJson.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Reads the answer to a load of a view, whose UUID has another name. */
  static LoadTableBody parseView(byte[] body) throws IOException {
    return parse(body, "view-uuid", false);
  }

  /**
   * Reads an answer.
   *
   * @param vended whether config and credentials are read too, or stepped over
   */
  static LoadTableBody parse(byte[] body, boolean vended) throws IOException {
    return parse(body, "table-uuid", vended);
  }

  private static LoadTableBody parse(byte[] body, String uuid, boolean vended) throws IOException {
    String location = null;
    byte[] metadata = null;
    JsonNode config = MissingNode.getInstance();
    JsonNode credentials = MissingNode.getInstance();
    try (JsonParser parser = MetadataJson.MAPPER.createParser(body)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "the answer is not a JSON object");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("metadata-location") && value == JsonToken.VALUE_STRING) {
          location = parser.getText();
        } else if (name.equals("metadata") && value == JsonToken.START_OBJECT) {
          metadata = cut(parser, body);
        } else if (vended && name.equals("config") && value == JsonToken.START_OBJECT) {
          config = SUBTREE.readTree(parser);
        } else if (vended && name.equals("storage-credentials") && value == JsonToken.START_ARRAY) {
          credentials = SUBTREE.readTree(parser);
        } else {
          parser.skipChildren();
        }
      }
      require(parser.nextToken() == null, "the answer goes on after its JSON object");
    }
    return of(location, metadata, uuid, TableCredentials.of(config, credentials));
  }

  /** The table's UUID; metadata without one cannot be told from another table's. */
  static String tableUuid(byte[] metadata) throws IOException {
    return uuid(metadata, "table-uuid");
  }

  private static String uuid(byte[] metadata, String member) throws IOException {
    return member(metadata, member)
        .orElseThrow(() -> new IOException("the metadata has no " + member));
  }

  private static LoadTableBody of(
      @Nullable String location,
      byte @Nullable [] metadata,
      String uuid,
      TableCredentials credentials)
      throws IOException {
    if (location == null || metadata == null) {
      throw new IOException("the answer has no metadata-location or no metadata");
    }
    return new LoadTableBody(location, uuid(metadata, uuid), metadata, credentials);
  }

  private static byte[] cut(JsonParser parser, byte[] body) throws IOException {
    long start = parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    long end = parser.currentLocation().getByteOffset();
    // Only UTF-8 has byte offsets; JSON in UTF-16 would be cut at the wrong place.
    require(
        start >= 0 && end <= body.length && body[(int) start] == '{' && body[(int) end - 1] == '}',
        "the answer is not UTF-8");
    return Arrays.copyOfRange(body, (int) start, (int) end);
  }

  private static Optional<String> member(byte[] json, String wanted) throws IOException {
    try (JsonParser parser = MetadataJson.MAPPER.createParser(json)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "the metadata is not a JSON object");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals(wanted) && value == JsonToken.VALUE_STRING) {
          return Optional.of(parser.getText());
        }
        parser.skipChildren();
      }
      return Optional.empty();
    }
  }

  private static void require(boolean condition, String message) throws IOException {
    if (!condition) {
      throw new IOException(message);
    }
  }
}
