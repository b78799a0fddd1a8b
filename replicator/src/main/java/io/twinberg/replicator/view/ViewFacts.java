package io.twinberg.replicator.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replicator.metadata.InvalidMetadataException;
import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.source.MetadataJson;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What ordering needs to know of a version of a view. */
public final class ViewFacts {
  private ViewFacts() {}

  /**
   * Reads the facts. A view's metadata names no files before it; its log of versions only grows, so
   * that the time of its last entry tells a catalog that was put back.
   *
   * @throws InvalidMetadataException when the bytes are no view metadata
   */
  public static MetadataFacts of(byte[] json) {
    ObjectNode tree = parsed(json);
    String uuid = tree.path("view-uuid").asText("");
    String location = tree.path("location").asText("");
    if (uuid.isEmpty() || location.isEmpty()) {
      throw new InvalidMetadataException("view-uuid or location is missing", null);
    }
    return new MetadataFacts(
        uuid,
        location,
        0,
        lastLogged(tree),
        OptionalLong.empty(),
        List.of(),
        Set.of(),
        Optional.empty(),
        Set.of());
  }

  static ObjectNode parsed(byte[] json) {
    try {
      return MetadataJson.parse(json);
    } catch (UncheckedIOException | IllegalArgumentException e) {
      throw new InvalidMetadataException("no view metadata: " + e.getMessage(), e);
    }
  }

  private static Instant lastLogged(ObjectNode tree) {
    long last = 0;
    for (var entry : tree.path("version-log")) {
      last = Math.max(last, entry.path("timestamp-ms").asLong());
    }
    return Instant.ofEpochMilli(last);
  }
}
