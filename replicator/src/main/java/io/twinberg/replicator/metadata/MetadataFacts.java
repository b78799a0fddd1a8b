package io.twinberg.replicator.metadata;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What ordering needs to know of a version, read in one pass without building a tree.
 *
 * @param previousFiles the metadata files before this one, oldest first, as far as the file lists
 *     them
 * @param newestSnapshot the last of the snapshots, if it has a manifest list
 */
public record MetadataFacts(
    String uuid,
    String location,
    long lastSequenceNumber,
    Instant lastUpdatedAt,
    OptionalLong currentSnapshotId,
    List<String> previousFiles,
    Set<Long> snapshotIds,
    Optional<SnapshotFacts> newestSnapshot,
    Set<String> statisticsFiles) {
  private static final JsonFactory JSON = new JsonFactory();

  /** A snapshot and its manifest list. */
  public record SnapshotFacts(long id, String manifestList) {}

  /** Copies the collections. */
  public MetadataFacts {
    previousFiles = List.copyOf(previousFiles);
    snapshotIds = Set.copyOf(snapshotIds);
    statisticsFiles = Set.copyOf(statisticsFiles);
  }

  /**
   * The file that this version was made from, empty for the first one and where the file lists
   * none.
   */
  public Optional<String> predecessor() {
    return previousFiles.isEmpty()
        ? Optional.empty()
        : Optional.of(previousFiles.get(previousFiles.size() - 1));
  }

  /**
   * Reads the facts.
   *
   * @throws InvalidMetadataException when the bytes are no table metadata
   */
  public static MetadataFacts of(byte[] json) {
    try (JsonParser parser = JSON.createParser(json)) {
      return new Reader(parser).read();
    } catch (IOException e) {
      throw new InvalidMetadataException("not readable as JSON: " + e.getMessage(), e);
    }
  }

  private static final class Reader {
    private final JsonParser parser;
    private String uuid = "";
    private String location = "";
    private long lastSequenceNumber;
    private long lastUpdatedMs;
    private OptionalLong currentSnapshotId = OptionalLong.empty();
    private final List<String> previousFiles = new ArrayList<>();
    private final Set<Long> snapshotIds = new HashSet<>();
    private Optional<SnapshotFacts> newestSnapshot = Optional.empty();
    private final Set<String> statisticsFiles = new HashSet<>();

    Reader(JsonParser parser) {
      this.parser = parser;
    }

    MetadataFacts read() throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidMetadataException("not a JSON object", null);
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        parser.nextToken();
        field(field);
      }
      if (uuid.isEmpty() || location.isEmpty()) {
        throw new InvalidMetadataException("table-uuid or location is missing", null);
      }
      return new MetadataFacts(
          uuid,
          location,
          lastSequenceNumber,
          Instant.ofEpochMilli(lastUpdatedMs),
          currentSnapshotId,
          previousFiles,
          snapshotIds,
          newestSnapshot,
          statisticsFiles);
    }

    private void field(String name) throws IOException {
      switch (name) {
        case "table-uuid" -> uuid = parser.getText();
        case "location" -> location = parser.getText();
        case "last-sequence-number" -> lastSequenceNumber = parser.getLongValue();
        case "last-updated-ms" -> lastUpdatedMs = parser.getLongValue();
        case "current-snapshot-id" -> currentSnapshotId = snapshotId();
        case "metadata-log" ->
            eachObject("metadata-file", () -> previousFiles.add(parser.getText()));
        case "snapshots" -> snapshots();
        case "statistics", "partition-statistics" ->
            eachObject("statistics-path", () -> statisticsFiles.add(parser.getText()));
        default -> parser.skipChildren();
      }
    }

    /** Iceberg writes -1 or null where there is no current snapshot. */
    private OptionalLong snapshotId() throws IOException {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || parser.getLongValue() == -1) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(parser.getLongValue());
    }

    private void snapshots() throws IOException {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        parser.skipChildren();
        return;
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        snapshot();
      }
    }

    /** Its fields may come in any order. */
    private void snapshot() throws IOException {
      long id = 0;
      Optional<String> list = Optional.empty();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "snapshot-id" -> {
            id = parser.getLongValue();
            snapshotIds.add(id);
          }
          case "manifest-list" -> list = Optional.of(parser.getText());
          default -> parser.skipChildren();
        }
      }
      long snapshotId = id;
      newestSnapshot = list.map(location -> new SnapshotFacts(snapshotId, location));
    }

    private interface OnField {
      void read() throws IOException;
    }

    private void eachObject(String wanted, OnField action) throws IOException {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        parser.skipChildren();
        return;
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          boolean found = parser.currentName().equals(wanted);
          parser.nextToken();
          if (found) {
            action.read();
          } else {
            parser.skipChildren();
          }
        }
      }
    }
  }
}
