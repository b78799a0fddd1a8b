package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.TableProperties;

/**
 * The replica's own earlier metadata files. The source's never existed there, all the less where
 * several versions were applied as one.
 */
final class MetadataLog {
  private MetadataLog() {}

  static List<ObjectNode> after(ReplicaVersion previous, ObjectNode merged) {
    List<ObjectNode> log = new ArrayList<>(Json.objects(previous.tree(), "metadata-log"));
    log.add(
        merged
            .objectNode()
            .put("timestamp-ms", Json.requireLong(previous.tree(), "last-updated-ms"))
            .put("metadata-file", previous.metadataLocation()));
    return log.subList(Math.max(0, log.size() - limit(merged)), log.size());
  }

  private static int limit(ObjectNode merged) {
    String limit =
        merged
            .path("properties")
            .path(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX)
            .asText(String.valueOf(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX_DEFAULT));
    try {
      return Math.max(1, Integer.parseInt(limit));
    } catch (NumberFormatException e) {
      return TableProperties.METADATA_PREVIOUS_VERSIONS_MAX_DEFAULT; // the source's typo, not ours
    }
  }
}
