package io.twinberg.replicator.prefetch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.twinberg.replicator.metadata.MetadataFacts.SnapshotFacts;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the snapshot that a commit adds, in the body of its {@code updateTable} request: the last
 * {@code add-snapshot} update that names a manifest list.
 */
final class AddedSnapshot {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonParser parser;
  private @Nullable SnapshotFacts last;

  private AddedSnapshot(JsonParser parser) {
    this.parser = parser;
  }

  /** The snapshot, empty where the body adds none or is not what the specification says. */
  static Optional<SnapshotFacts> in(byte[] body) {
    try (JsonParser parser = JSON.createParser(body)) {
      AddedSnapshot added = new AddedSnapshot(parser);
      added.readRequest();
      return Optional.ofNullable(added.last);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void readRequest() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean updates = parser.currentName().equals("updates");
      if (parser.nextToken() == JsonToken.START_ARRAY && updates) {
        readUpdates();
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readUpdates() throws IOException {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      readUpdate();
    }
  }

  private void readUpdate() throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean snapshot = parser.currentName().equals("snapshot");
      if (parser.nextToken() == JsonToken.START_OBJECT && snapshot) {
        readSnapshot();
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readSnapshot() throws IOException {
    long id = 0;
    String manifestList = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String member = parser.currentName();
      JsonToken value = parser.nextToken();
      if (member.equals("snapshot-id") && value == JsonToken.VALUE_NUMBER_INT) {
        id = parser.getLongValue();
      } else if (member.equals("manifest-list") && value == JsonToken.VALUE_STRING) {
        manifestList = parser.getText();
      } else {
        parser.skipChildren();
      }
    }
    if (!manifestList.isEmpty()) {
      last = new SnapshotFacts(id, manifestList);
    }
  }
}
