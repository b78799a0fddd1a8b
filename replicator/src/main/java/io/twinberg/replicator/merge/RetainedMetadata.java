package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * Makes metadata of a replica out of what it has published, without snapshots that came due while
 * the source committed nothing. Schemas and partition specs wait for the next merge: only the
 * source tells which of them it still has.
 */
public final class RetainedMetadata {
  private RetainedMetadata() {}

  /** The metadata for a new location, accepted by Iceberg's own parser. */
  public static MergedMetadata without(
      Set<Long> expired, ReplicaVersion published, String metadataLocation) {
    ObjectNode tree = published.tree().deepCopy();
    Expiry expiry = new Expiry(true, expired);
    expiry.apply(tree);
    Json.replace(tree, "snapshot-log", expiry.trimmed(Json.objects(tree, "snapshot-log")));
    Json.replace(tree, "metadata-log", MetadataLog.after(published, tree));
    return MergedMetadata.of(tree, metadataLocation);
  }
}
