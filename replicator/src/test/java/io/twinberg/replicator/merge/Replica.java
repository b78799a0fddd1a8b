package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replicator.mapping.LocationMapping;
import io.twinberg.replicator.mapping.ReplicaFolder;
import io.twinberg.replicator.merge.SnapshotManifests.InList;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A replica that merges versions of a source and keeps the last one. */
final class Replica {
  static final String FOLDER = "s3://replica/wh/db/t-1";

  private final LocationMapping mapping;
  private Optional<ReplicaVersion> last = Optional.empty();
  private Optional<ReplicaRetention> retention = Optional.empty();
  private Optional<SelectedRefs> refs = Optional.empty();
  private Instant now = Instant.EPOCH;
  private int versions;

  Replica(ObjectNode source) {
    String location = source.path("location").asText();
    this.mapping =
        new LocationMapping(
            FOLDER, ReplicaFolder.initialMapping(location, FOLDER), List.of("s3://lake/"));
  }

  /** Merges a version with manifest lists for exactly the snapshots that are missing. */
  ObjectNode apply(ObjectNode version) {
    ObjectNode source = refs.map(selected -> selected.narrowed(version)).orElse(version);
    String location = FOLDER + "/metadata/" + versions++ + ".metadata.json";
    ObjectNode tree =
        MetadataMerge.merge(
                new MergeRequest(
                    source,
                    last,
                    location,
                    FOLDER,
                    mapping,
                    manifests(source),
                    movedSpecs(source),
                    expiry(source)))
            .tree();
    last = Optional.of(new ReplicaVersion(location, tree));
    return tree;
  }

  MissingParts missing(ObjectNode version) {
    ObjectNode source = refs.map(selected -> selected.narrowed(version)).orElse(version);
    return MissingParts.of(source, last.map(ReplicaVersion::tree), mapping, expiry(source));
  }

  void retention(ReplicaRetention bounds, Instant time) {
    this.retention = Optional.of(bounds);
    this.now = time;
  }

  void refs(SelectedRefs selected) {
    this.refs = Optional.of(selected);
  }

  private Expiry expiry(ObjectNode source) {
    Optional<ObjectNode> held = last.map(ReplicaVersion::tree);
    Expiry retained = ReplicaRetention.expiry(retention, source, held, now);
    return refs.isEmpty() ? retained : retained.and(SelectedRefs.unreached(source, held));
  }

  /** As if every manifest list named every spec. */
  private MovedSpecs movedSpecs(ObjectNode source) {
    return MovedSpecs.of(source, last.map(ReplicaVersion::tree), expiry(source));
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

  private Map<Long, SnapshotManifests> manifests(ObjectNode source) {
    Map<Long, SnapshotManifests> lists = new HashMap<>();
    missing(source)
        .snapshots()
        .forEach(s -> lists.put(s.snapshotId(), new InList(manifestList(s.snapshotId()))));
    return lists;
  }
}
