package io.twinberg.replicator.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replicator.merge.Expiry;
import io.twinberg.replicator.merge.MissingParts;
import io.twinberg.replicator.merge.MissingParts.MissingSnapshot;
import io.twinberg.replicator.merge.MissingParts.StatisticsPath;
import io.twinberg.replicator.merge.SnapshotManifests.InList;
import io.twinberg.replicator.rewrite.BadManifestException;
import io.twinberg.replicator.rewrite.ListedManifest;
import io.twinberg.replicator.rewrite.ManifestEntries;
import io.twinberg.replicator.rewrite.ManifestEntry;
import io.twinberg.replicator.rewrite.ManifestProblemException;
import io.twinberg.replicator.rewrite.PathMapping;
import io.twinberg.replicator.rewrite.RewrittenFile;
import io.twinberg.replicator.task.Fingerprints;
import io.twinberg.replicator.task.KnownDeletes;
import io.twinberg.replicator.task.KnownFiles;
import io.twinberg.replicator.task.ReplicationTask.ManifestTask;
import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Foretells what bringing one version to one replica copies. It plans as the copy itself does and
 * reads the same manifests, but writes nothing.
 *
 * <p>A file that several manifests name counts once: of each path 128 bits of a hash are kept, 32
 * to 64 bytes, so that two files in a billion billion are taken for one. Used once, by one thread.
 */
public final class CopyForecast {
  /** Their hashes take up to 256 MB, and half as much again for a moment while the set grows. */
  private static final int MOST_FILES = 4_000_000;

  /**
   * What was foretold.
   *
   * @param all what the replica has of the version in the end, apart from history of its own
   * @param missing what of it is not there yet
   */
  public record Volumes(Volume all, Volume missing) {}

  private final ObjectStore source;
  private final ObjectStore destination;
  private final PathMapping mapping;
  private final SnapshotPlanner planner;
  private final KnownDeletes rewritten;
  private final Runnable step;

  private final Fingerprints manifests = new Fingerprints();
  private final Fingerprints files = new Fingerprints();
  private final Map<String, RewrittenFile> planned = new HashMap<>();
  private final Set<Long> lacking = new HashSet<>();
  private final Tally all = new Tally();
  private final Tally missing = new Tally();

  /**
   * A forecast for one replica.
   *
   * @param known the manifests that stand at the destination
   * @param rewritten the delete files that do
   * @param published the manifests of a snapshot that the replica shows
   * @param step called before each manifest is read; what it throws ends the forecast
   */
  public CopyForecast(
      ObjectStore source,
      ObjectStore destination,
      PathMapping mapping,
      KnownManifests known,
      KnownDeletes rewritten,
      NeighbourManifests published,
      Runnable step) {
    this.source = source;
    this.destination = destination;
    this.mapping = mapping;
    // What is only planned has no manifests at the destination; its files are known already.
    NeighbourManifests neighbours =
        snapshot -> lacking.contains(snapshot) ? List.of() : published.targets(snapshot);
    this.planner =
        new SnapshotPlanner(source, known, neighbours, new AttemptNames("", 0, "planned"));
    this.rewritten = rewritten;
    this.step = step;
  }

  /**
   * Foretells a version.
   *
   * @param held what the replica shows; empty: nothing yet
   * @param expiry what of the version is left out
   * @throws TooManyFilesException when there are more than can be told apart
   */
  public Volumes of(ObjectNode version, Optional<ObjectNode> held, Expiry expiry)
      throws InterruptedException {
    MissingParts whole = MissingParts.of(version, Optional.empty(), mapping, expiry);
    MissingParts lacks = MissingParts.of(version, held, mapping, expiry);
    lacks.snapshots().forEach(snapshot -> lacking.add(snapshot.snapshotId()));
    for (MissingSnapshot snapshot : whole.snapshots()) {
      all.snapshot();
      // First, so that what they share with those that are missing counts as being there.
      if (!lacking.contains(snapshot.snapshotId())) {
        planner.manifests(snapshot).forEach(manifest -> there(manifest.path()));
      }
    }
    for (MissingSnapshot snapshot : lacks.snapshots()) {
      missing.snapshot();
      bring(snapshot);
    }
    whole.statistics().forEach(file -> all.statistics(file.length()));
    lacks.statistics().forEach(this::bring);
    return new Volumes(all.volume(), missing.volume());
  }

  private void bring(StatisticsPath file) {
    mapping.map(file.path());
    missing.statistics(file.length());
  }

  private void bring(MissingSnapshot snapshot) throws InterruptedException {
    if (snapshot.manifests() instanceof InList list) {
      mapping.map(list.location());
    }
    SnapshotPlan plan = planner.plan(snapshot, planned);
    for (ListedManifest manifest : plan.manifests()) {
      if (plan.present().containsKey(manifest.path())) {
        there(manifest.path());
      }
    }
    KnownFiles known = KnownFiles.of(copied(plan), destination);
    for (ManifestTask task : plan.tasks()) {
      mapping.map(task.sourcePath());
      missing.manifest();
      bring(task.sourcePath(), known);
      planned.put(task.sourcePath(), new RewrittenFile(task.targetPath(), 0));
    }
  }

  /** All tasks of a snapshot have the same. */
  private static List<String> copied(SnapshotPlan plan) {
    return plan.tasks().stream().findFirst().map(ManifestTask::copied).orElseGet(List::of);
  }

  private void there(String manifest) {
    read(manifest, entry -> {});
  }

  private void bring(String manifest, KnownFiles known) throws InterruptedException {
    List<ManifestEntry> positions = new ArrayList<>();
    read(
        manifest,
        entry -> {
          String target = mapping.map(entry.path());
          if (entry.isPositionDelete()) {
            positions.add(entry);
          } else if (!known.contains(target)) {
            missing.file(entry);
          }
        });
    bringDeletes(positions);
  }

  /** They stand at the destination under names of their attempts, which only the ledger knows. */
  private void bringDeletes(List<ManifestEntry> positions) throws InterruptedException {
    Set<String> present =
        positions.isEmpty()
            ? Set.of()
            : rewritten.find(positions.stream().map(ManifestEntry::path).toList()).keySet();
    positions.stream().filter(entry -> !present.contains(entry.path())).forEach(missing::file);
  }

  /**
   * Reads a manifest unless it was read before; the visitor gets files that were not met before.
   */
  private void read(String manifest, Consumer<ManifestEntry> fresh) {
    if (!manifests.add(manifest)) {
      return;
    }
    step.run();
    all.manifest();
    try (InputStream in = source.open(manifest)) {
      ManifestEntries.read(in, entry -> meet(entry, fresh));
    } catch (ManifestProblemException e) {
      throw new BadManifestException(manifest, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void meet(ManifestEntry entry, Consumer<ManifestEntry> fresh) {
    if (entry.isLive() && files.add(entry.path())) {
      if (files.size() > MOST_FILES) {
        throw new TooManyFilesException(MOST_FILES);
      }
      all.file(entry);
      fresh.accept(entry);
    }
  }
}
