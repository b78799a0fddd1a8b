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
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** What a replica lacks of a version of its source, as far as metadata tells. */
public record MissingParts(List<MissingSnapshot> snapshots, List<StatisticsPath> statistics) {
  public MissingParts {
    snapshots = List.copyOf(snapshots);
    statistics = List.copyOf(statistics);
  }

  /**
   * A snapshot to rewrite.
   *
   * @param neighbour the snapshot that is nearest to it of those brought before: the one that it
   *     was made from, or, of history, one that was made from it
   * @param isHistory whether it is brought after what was made from it
   * @param follows whether the replica has its neighbour by the time it is brought
   * @param size what its summary says about its size
   */
  public record MissingSnapshot(
      long snapshotId,
      OptionalLong neighbour,
      boolean isHistory,
      long sequenceNumber,
      SnapshotManifests manifests,
      boolean follows,
      SummarySize size) {
    private MissingSnapshot nextTo(@Nullable Long other) {
      return new MissingSnapshot(
          snapshotId,
          other == null ? OptionalLong.empty() : OptionalLong.of(other),
          true,
          sequenceNumber,
          manifests,
          true,
          size);
    }
  }

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

  /** The same newest first, for history that is brought after what was made of it. */
  public MissingParts backwards(ObjectNode source) {
    Map<Long, Long> made = new HashMap<>();
    Json.objects(source, "snapshots")
        .forEach(
            snapshot ->
                made.merge(
                    Json.longOr(snapshot, "parent-snapshot-id", -1),
                    Json.requireLong(snapshot, "snapshot-id"),
                    (first, later) -> first));
    List<MissingSnapshot> newestFirst =
        snapshots.stream()
            .sorted(Comparator.comparingLong(MissingSnapshot::sequenceNumber).reversed())
            .map(snapshot -> snapshot.nextTo(made.get(snapshot.snapshotId())))
            .toList();
    return new MissingParts(newestFirst, statistics);
  }

  private static List<MissingSnapshot> snapshots(
      ObjectNode source, ObjectNode held, Expiry expiry) {
    Map<Long, ObjectNode> missing = Json.byId(source, "snapshots", "snapshot-id");
    Set<Long> there = Json.byId(held, "snapshots", "snapshot-id").keySet();
    missing.keySet().removeAll(there);
    missing.keySet().removeAll(expiry.snapshots());
    return missing.values().stream()
        .map(snapshot -> snapshot(snapshot, id -> there.contains(id) || missing.containsKey(id)))
        .sorted(Comparator.comparingLong(MissingSnapshot::sequenceNumber))
        .toList();
  }

  private static MissingSnapshot snapshot(ObjectNode snapshot, LongPredicate isBrought) {
    OptionalLong parent =
        Json.isAbsent(snapshot, "parent-snapshot-id")
            ? OptionalLong.empty()
            : OptionalLong.of(Json.requireLong(snapshot, "parent-snapshot-id"));
    return new MissingSnapshot(
        Json.requireLong(snapshot, "snapshot-id"),
        parent,
        false,
        Json.longOr(snapshot, "sequence-number", 0),
        SnapshotManifests.of(snapshot),
        parent.isPresent() && isBrought.test(parent.getAsLong()),
        SummarySize.of(snapshot));
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
