package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the replica's metadata of a version out of the source's and what the replica held before.
 *
 * <p>Everything is the source's, unknown fields included, except: history is united (the replica
 * keeps what the source expires, as far as its retention goes), and location, paths and metadata
 * log are the replica's own. Neither input is changed.
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
    request.expiry().apply(merged);
    merged.put("location", request.folder());
    MappedPaths.mapProperties(merged, request.mapping());
    MappedPaths.mapStatistics(merged, "statistics", request.mapping());
    MappedPaths.mapStatistics(merged, "partition-statistics", request.mapping());
    uniteHistory(merged, request);
    return MergedMetadata.of(merged, request.metadataLocation());
  }

  private static void uniteHistory(ObjectNode merged, MergeRequest request) {
    ObjectNode previous =
        request.previous().map(ReplicaVersion::tree).orElseGet(merged::objectNode);
    Expiry expiry = request.expiry();
    ReplicaOnly replicaOnly = ReplicaOnly.of(previous, merged, expiry);
    SchemaUnion schemas = SchemaUnion.of(merged, previous, replicaOnly, !expiry.bounded());
    uniteFiles(merged, previous, "statistics", replicaOnly);
    uniteFiles(merged, previous, "partition-statistics", withoutMoved(replicaOnly, request));
    boolean keepsSpecs = !expiry.bounded() || !replicaOnly.isEmpty();
    Json.replace(
        merged, "partition-specs", request.movedSpecs().union(merged, previous, keepsSpecs));
    Json.replace(merged, "sort-orders", SortOrders.union(merged, previous, replicaOnly));
    List<ObjectNode> kept = replicaOnly.moved(schemas.moved(), request.manifests());
    Json.replace(merged, "snapshots", SnapshotUnion.of(merged, previous, kept, request));
    Json.replace(merged, "schemas", schemas.schemas());
    Json.replace(merged, "snapshot-log", expiry.trimmed(snapshotLog(merged, previous)));
    Json.replace(
        merged,
        "metadata-log",
        request.previous().map(held -> MetadataLog.after(held, merged)).orElseGet(List::of));
  }

  /** A file of partition statistics names spec ids in its rows: of no use once those have moved. */
  private static ReplicaOnly withoutMoved(ReplicaOnly replicaOnly, MergeRequest request) {
    Map<Long, ObjectNode> staying = new LinkedHashMap<>(replicaOnly.snapshots());
    staying.keySet().removeAll(request.manifests().keySet());
    return new ReplicaOnly(staying);
  }

  private static void uniteFiles(
      ObjectNode merged, ObjectNode previous, String field, ReplicaOnly replicaOnly) {
    Set<Long> atSource = Json.byId(merged, field, "snapshot-id").keySet();
    List<ObjectNode> union = new ArrayList<>(Json.objects(merged, field));
    union.addAll(replicaOnly.files(previous, field, atSource));
    Json.replace(merged, field, union);
  }

  private static List<ObjectNode> snapshotLog(ObjectNode merged, ObjectNode previous) {
    return SnapshotLog.merge(
        Json.objects(previous, "snapshot-log"), Json.objects(merged, "snapshot-log"));
  }
}
