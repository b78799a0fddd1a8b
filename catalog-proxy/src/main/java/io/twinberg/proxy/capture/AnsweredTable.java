package io.twinberg.proxy.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.twinberg.log.CommittedTable;
import io.twinberg.log.KeptJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the metadata location and the raw bytes of the metadata in the answer to a commit. Nothing
 * else of an answer is ever kept, since its config may hold credentials.
 */
final class AnsweredTable {
  private static final JsonFactory JSON = new JsonFactory();

  private @Nullable String location;
  private byte @Nullable [] metadata;

  private AnsweredTable() {}

  /** The committed table, empty where the answer is not JSON or does not carry one. */
  static Optional<CommittedTable> in(byte[] body, TableIdentifier name) {
    AnsweredTable table = new AnsweredTable();
    try (JsonParser parser = JSON.createParser(body)) {
      table.read(parser, body);
    } catch (IOException e) {
      return Optional.empty();
    }
    return table.location == null || table.metadata == null
        ? Optional.empty()
        : Optional.of(new CommittedTable(name, table.location, KeptJson.of(table.metadata)));
  }

  private void read(JsonParser parser, byte[] body) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String member = parser.currentName();
      JsonToken value = parser.nextToken();
      if (member.equals("metadata-location") && value == JsonToken.VALUE_STRING) {
        location = parser.getText();
      } else if (member.equals("metadata") && value == JsonToken.START_OBJECT) {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        metadata = Arrays.copyOfRange(body, start, (int) parser.currentLocation().getByteOffset());
      } else {
        parser.skipChildren();
      }
    }
  }
}
