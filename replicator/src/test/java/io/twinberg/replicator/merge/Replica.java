package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replicator.mapping.LocationMapping;
import io.twinberg.replicator.mapping.ReplicaFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A replica that merges versions of a source and keeps the last one. */
final class Replica {
  static final String FOLDER = "s3://replica/wh/db/t-1";

  private final LocationMapping mapping;
  private Optional<ReplicaVersion> last = Optional.empty();
  private int versions;

  Replica(ObjectNode source) {
    String location = source.path("location").asText();
    this.mapping =
        new LocationMapping(
            FOLDER, ReplicaFolder.initialMapping(location, FOLDER), List.of("s3://lake/"));
  }

  /** Merges a version with manifest lists for exactly the snapshots that are missing. */
  ObjectNode apply(ObjectNode source) {
    String location = FOLDER + "/metadata/" + versions++ + ".metadata.json";
    ObjectNode tree =
        MetadataMerge.merge(
                new MergeRequest(
                    source, last, location, FOLDER, mapping, manifestLists(missing(source))))
            .tree();
    last = Optional.of(new ReplicaVersion(location, tree));
    return tree;
  }

  MissingParts missing(ObjectNode source) {
    return MissingParts.of(source, last.map(ReplicaVersion::tree), mapping);
  }

  Optional<ReplicaVersion> last() {
    return last;
  }

  LocationMapping mapping() {
    return mapping;
  }

  static String manifestList(long snapshotId) {
    return FOLDER + "/metadata/snap-" + snapshotId + ".avro";
  }

  private static Map<Long, String> manifestLists(MissingParts missing) {
    return missing.snapshots().stream()
        .collect(
            Collectors.toMap(
                MissingParts.MissingSnapshot::snapshotId, s -> manifestList(s.snapshotId())));
  }
}
