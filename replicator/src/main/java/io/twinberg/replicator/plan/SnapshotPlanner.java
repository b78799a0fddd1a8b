package io.twinberg.replicator.plan;

import io.twinberg.replicator.merge.MissingParts.MissingSnapshot;
import io.twinberg.replicator.merge.SnapshotManifests.InList;
import io.twinberg.replicator.merge.SnapshotManifests.Inline;
import io.twinberg.replicator.rewrite.BadManifestException;
import io.twinberg.replicator.rewrite.ListedManifest;
import io.twinberg.replicator.rewrite.ManifestList;
import io.twinberg.replicator.rewrite.ManifestProblemException;
import io.twinberg.replicator.rewrite.RewrittenFile;
import io.twinberg.replicator.task.ReplicationTask.ManifestTask;
import io.twinberg.replicator.task.ReplicationTask.RewriteDeletes;
import io.twinberg.replicator.task.ReplicationTask.RewriteManifest;
import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Plans the snapshots of one version, in the order of their sequence numbers. The work depends on
 * the manifests that a snapshot added, not on the size of the table.
 */
public final class SnapshotPlanner {
  private final ObjectStore source;
  private final KnownManifests known;
  private final NeighbourManifests neighbours;
  private final AttemptNames names;

  /**
   * @param known what the destination has already, apart from what this planner has planned
   * @param neighbours the manifests of a snapshot that the destination has
   */
  public SnapshotPlanner(
      ObjectStore source, KnownManifests known, NeighbourManifests neighbours, AttemptNames names) {
    this.source = source;
    this.known = known;
    this.neighbours = neighbours;
    this.names = names;
  }

  /** Plans one snapshot; the plans of its predecessors in this version have been carried out. */
  public SnapshotPlan plan(MissingSnapshot snapshot, Map<String, RewrittenFile> done) {
    Optional<byte[]> list = list(snapshot);
    List<ListedManifest> manifests = manifests(snapshot, list);
    Map<String, RewrittenFile> present = present(manifests, done);
    List<ListedManifest> missing =
        manifests.stream().filter(manifest -> !present.containsKey(manifest.path())).toList();
    List<String> copied = copied(snapshot, missing, present);
    List<ManifestTask> tasks = missing.stream().map(manifest -> task(manifest, copied)).toList();
    return new SnapshotPlan(snapshot, list, manifests, present, tasks);
  }

  /** The manifests of a snapshot. */
  List<ListedManifest> manifests(MissingSnapshot snapshot) {
    return manifests(snapshot, list(snapshot));
  }

  private Optional<byte[]> list(MissingSnapshot snapshot) {
    return snapshot.manifests() instanceof InList listed
        ? Optional.of(read(listed.location()))
        : Optional.empty();
  }

  private static List<ListedManifest> manifests(MissingSnapshot snapshot, Optional<byte[]> list) {
    List<ListedManifest> manifests =
        list.map(bytes -> listed(bytes, snapshot)).orElseGet(() -> inline(snapshot));
    manifests.forEach(SnapshotPlanner::refuseUnsupported);
    return manifests;
  }

  private static List<ListedManifest> listed(byte[] list, MissingSnapshot snapshot) {
    try {
      return ManifestList.read(list);
    } catch (ManifestProblemException e) {
      throw new BadManifestException(((InList) snapshot.manifests()).location(), e);
    }
  }

  /** Early writers of format version 1 recorded the paths alone; they knew no deletes. */
  private static List<ListedManifest> inline(MissingSnapshot snapshot) {
    return ((Inline) snapshot.manifests())
        .paths().stream().map(path -> unlisted(path, snapshot.snapshotId())).toList();
  }

  private static ListedManifest unlisted(String path, long snapshotId) {
    return new ListedManifest(
        path,
        0,
        0,
        0,
        snapshotId,
        0,
        0,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        false);
  }

  private ManifestTask task(ListedManifest manifest, List<String> copied) {
    String target = names.manifest(manifest.path());
    return manifest.content() == 0
        ? new RewriteManifest(manifest.path(), target, copied)
        : new RewriteDeletes(manifest.path(), target, copied, names.suffix());
  }

  private Map<String, RewrittenFile> present(
      List<ListedManifest> manifests, Map<String, RewrittenFile> done) {
    Map<String, RewrittenFile> present = new HashMap<>();
    Set<String> unknown = new HashSet<>();
    for (ListedManifest manifest : manifests) {
      RewrittenFile target = done.get(manifest.path());
      if (target == null) {
        unknown.add(manifest.path());
      } else {
        present.put(manifest.path(), target);
      }
    }
    present.putAll(known.find(unknown));
    return present;
  }

  /**
   * The neighbour's manifests that this snapshot does not list: what a merged or rewritten manifest
   * carries over comes from them, and their files are at the destination. Of history, the other way
   * round: what it has was carried over to its neighbour, wherever that still has it.
   */
  private List<String> copied(
      MissingSnapshot snapshot, List<ListedManifest> missing, Map<String, RewrittenFile> present) {
    boolean carriesOver =
        snapshot.isHistory()
            || missing.stream().anyMatch(manifest -> manifest.existingFiles().orElse(1) > 0);
    if (!carriesOver || missing.isEmpty() || snapshot.neighbour().isEmpty()) {
      return List.of();
    }
    Set<String> stillListed = new HashSet<>();
    present.values().forEach(target -> stillListed.add(target.path()));
    return neighbours.targets(snapshot.neighbour().getAsLong()).stream()
        .filter(target -> !stillListed.contains(target))
        .toList();
  }

  private static void refuseUnsupported(ListedManifest manifest) {
    if (manifest.encrypted()) {
      throw new UnsupportedVersionException(
          "manifest " + manifest.path() + " is encrypted: table encryption is not supported",
          manifest.path());
    }
  }

  private byte[] read(String location) {
    try (InputStream in = source.open(location)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
