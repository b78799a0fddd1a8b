package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;

/**
 * Makes the replica's metadata of a version out of the source's and what the replica held before.
 *
 * <p>Everything is the source's, unknown fields included, except: history is united (the replica
 * keeps what the source expires), and location, paths and metadata log are the replica's own.
 * Neither input is changed.
 */
public final class MetadataMerge {
  private MetadataMerge() {}

  /**
   * The merged metadata, accepted by Iceberg's own parser.
   *
   * @throws UnsupportedMergeException if the source holds what cannot be replicated
   * @throws SourceWentBackException if the source is no successor of what the replica holds
   */
  public static MergedMetadata merge(MergeRequest request) {
    Unsupported.check(request.source());
    request.previous().ifPresent(held -> Continuity.check(held.tree(), request.source()));
    ObjectNode merged = request.source().deepCopy();
    merged.put("location", request.folder());
    MappedPaths.mapProperties(merged, request.mapping());
    MappedPaths.mapStatistics(merged, "statistics", request.mapping());
    MappedPaths.mapStatistics(merged, "partition-statistics", request.mapping());
    uniteHistory(merged, request);
    return new MergedMetadata(merged, validated(merged, request));
  }

  private static void uniteHistory(ObjectNode merged, MergeRequest request) {
    ObjectNode previous =
        request.previous().map(ReplicaVersion::tree).orElseGet(merged::objectNode);
    ReplicaOnly replicaOnly = ReplicaOnly.of(previous, merged);
    SchemaUnion schemas = SchemaUnion.of(merged, previous, replicaOnly);
    uniteFiles(merged, previous, "statistics", replicaOnly);
    uniteFiles(merged, previous, "partition-statistics", replicaOnly);
    uniteNumbered(merged, previous, "partition-specs", "spec-id", replicaOnly);
    uniteNumbered(merged, previous, "sort-orders", "order-id", replicaOnly);
    List<ObjectNode> kept = replicaOnly.withSchemas(schemas.moved());
    Json.replace(merged, "snapshots", SnapshotUnion.of(merged, previous, kept, request));
    Json.replace(merged, "schemas", schemas.schemas());
    Json.replace(merged, "snapshot-log", snapshotLog(merged, previous));
    Json.replace(
        merged,
        "metadata-log",
        request.previous().map(held -> MetadataLog.after(held, merged)).orElseGet(List::of));
  }

  private static void uniteFiles(
      ObjectNode merged, ObjectNode previous, String field, ReplicaOnly replicaOnly) {
    Set<Long> atSource = Json.byId(merged, field, "snapshot-id").keySet();
    List<ObjectNode> union = new ArrayList<>(Json.objects(merged, field));
    union.addAll(replicaOnly.files(previous, field, atSource));
    Json.replace(merged, field, union);
  }

  private static void uniteNumbered(
      ObjectNode merged, ObjectNode previous, String field, String id, ReplicaOnly replicaOnly) {
    Json.replace(merged, field, NumberedUnion.of(merged, previous, field, id, replicaOnly));
  }

  private static List<ObjectNode> snapshotLog(ObjectNode merged, ObjectNode previous) {
    return SnapshotLog.merge(
        Json.objects(previous, "snapshot-log"), Json.objects(merged, "snapshot-log"));
  }

  private static TableMetadata validated(ObjectNode merged, MergeRequest request) {
    try {
      return TableMetadataParser.fromJson(request.metadataLocation(), merged);
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "Iceberg refuses the merged metadata for " + request.folder() + ": " + e.getMessage(), e);
    }
  }
}
