package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;

/**
 * New metadata of a replica.
 *
 * @param tree what is to be written: it holds fields that Iceberg's model does not know
 * @param parsed what Iceberg makes of it
 */
public record MergedMetadata(ObjectNode tree, TableMetadata parsed) {
  /** Lets Iceberg's own parser judge a tree. */
  static MergedMetadata of(ObjectNode tree, String metadataLocation) {
    try {
      return new MergedMetadata(tree, TableMetadataParser.fromJson(metadataLocation, tree));
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "Iceberg refuses the merged metadata for " + metadataLocation + ": " + e.getMessage(), e);
    }
  }
}
