package io.twinberg.replicator.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replicator.mapping.ReaderProperties;
import io.twinberg.replicator.merge.UnsupportedMergeException;
import io.twinberg.replicator.metadata.InvalidMetadataException;
import io.twinberg.source.MetadataJson;
import java.nio.charset.StandardCharsets;
import org.apache.iceberg.view.ViewMetadataParser;

/**
 * A view's metadata as it stands at a destination: versions, schemas, their log, the SQL and fields
 * that nobody knows yet as they are; the location is the replica's.
 */
final class ViewCopy {
  private static final int FORMAT = 1;

  private ViewCopy() {}

  static byte[] of(byte[] source, String folder) {
    ObjectNode tree = ViewFacts.parsed(source);
    int format = tree.path("format-version").asInt();
    if (format != FORMAT) {
      throw new UnsupportedMergeException("view format version " + format + " is not replicated");
    }
    tree.put("location", folder);
    if (tree.get("properties") instanceof ObjectNode properties) {
      tree.set("properties", ReaderProperties.of(properties, folder));
    }
    byte[] copy = MetadataJson.write(tree);
    validate(copy);
    return copy;
  }

  /** What Iceberg cannot read is not published. */
  private static void validate(byte[] copy) {
    try {
      ViewMetadataParser.fromJson(new String(copy, StandardCharsets.UTF_8));
    } catch (RuntimeException e) {
      throw new InvalidMetadataException("no view metadata: " + e.getMessage(), e);
    }
  }
}
