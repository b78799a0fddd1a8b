package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replicator.rewrite.PathMapping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a replica lacks of a version of its source, as far as metadata tells. */
public record MissingParts(List<MissingSnapshot> snapshots, List<StatisticsPath> statistics) {
  public MissingParts {
    snapshots = List.copyOf(snapshots);
    statistics = List.copyOf(statistics);
  }

  /** A snapshot to rewrite; {@code parent} is the snapshot that it was made from. */
  public record MissingSnapshot(
      long snapshotId, OptionalLong parent, long sequenceNumber, SnapshotManifests manifests) {}

  /** A statistics or partition statistics file to copy as it is. */
  public record StatisticsPath(String path, long length) {}

  /**
   * The snapshots, by sequence number, and the statistics files that the version has and the
   * previous version of the replica does not reference; nothing of what its retention leaves out.
   */
  public static MissingParts of(
      ObjectNode source, Optional<ObjectNode> previous, PathMapping mapping, Expiry expiry) {
    ObjectNode held = previous.orElseGet(source::objectNode);
    return new MissingParts(
        snapshots(source, held, expiry), statistics(source, held, mapping, expiry));
  }

  private static List<MissingSnapshot> snapshots(
      ObjectNode source, ObjectNode held, Expiry expiry) {
    Map<Long, ObjectNode> missing = Json.byId(source, "snapshots", "snapshot-id");
    missing.keySet().removeAll(Json.byId(held, "snapshots", "snapshot-id").keySet());
    missing.keySet().removeAll(expiry.snapshots());
    return missing.values().stream()
        .map(MissingParts::snapshot)
        .sorted(Comparator.comparingLong(MissingSnapshot::sequenceNumber))
        .toList();
  }

  private static MissingSnapshot snapshot(ObjectNode snapshot) {
    return new MissingSnapshot(
        Json.requireLong(snapshot, "snapshot-id"),
        Json.isAbsent(snapshot, "parent-snapshot-id")
            ? OptionalLong.empty()
            : OptionalLong.of(Json.requireLong(snapshot, "parent-snapshot-id")),
        Json.longOr(snapshot, "sequence-number", 0),
        SnapshotManifests.of(snapshot));
  }

  private static List<StatisticsPath> statistics(
      ObjectNode source, ObjectNode held, PathMapping mapping, Expiry expiry) {
    Map<String, Long> lengths = new HashMap<>();
    files(held, Expiry.NONE).forEach(file -> lengths.put(file.path(), file.length()));
    return files(source, expiry).stream()
        .filter(file -> !Long.valueOf(file.length()).equals(lengths.get(mapping.map(file.path()))))
        .distinct()
        .toList();
  }

  private static List<StatisticsPath> files(ObjectNode tree, Expiry expiry) {
    List<ObjectNode> files = new ArrayList<>(Json.objects(tree, "statistics"));
    files.addAll(Json.objects(tree, "partition-statistics"));
    return files.stream().filter(file -> !expiry.takes(file)).map(MissingParts::file).toList();
  }

  private static StatisticsPath file(ObjectNode file) {
    return new StatisticsPath(
        Json.requireText(file, "statistics-path"), Json.requireLong(file, "file-size-in-bytes"));
  }
}
