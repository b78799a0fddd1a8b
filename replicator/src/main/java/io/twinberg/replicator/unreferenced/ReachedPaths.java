package io.twinberg.replicator.unreferenced;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.merge.SnapshotManifests;
import io.twinberg.replicator.merge.SnapshotManifests.InList;
import io.twinberg.replicator.merge.SnapshotManifests.Inline;
import io.twinberg.replicator.rewrite.BadManifestException;
import io.twinberg.replicator.rewrite.ListedManifest;
import io.twinberg.replicator.rewrite.ManifestEntries;
import io.twinberg.replicator.rewrite.ManifestList;
import io.twinberg.replicator.rewrite.ManifestProblemException;
import io.twinberg.replicator.task.Fingerprints;
import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The paths that versions of a replica reach, down to its data files. Versions are only added, so
 * that it may hold too much and never too little; each manifest is read once. Of a path it keeps
 * 128 bits.
 */
public final class ReachedPaths {
  private final ObjectStore destination;
  private final Fingerprints paths = new Fingerprints();

  /** Nothing at first, in a store. */
  public ReachedPaths(ObjectStore destination) {
    this.destination = destination;
  }

  /** Adds all that one version reaches. */
  public void add(ReplicaVersion version) {
    paths.add(version.metadataLocation());
    ObjectNode tree = version.tree();
    tree.path("metadata-log").forEach(entry -> add(entry, "metadata-file"));
    tree.path("statistics").forEach(file -> add(file, "statistics-path"));
    tree.path("partition-statistics").forEach(file -> add(file, "statistics-path"));
    version.snapshots().forEach(snapshot -> manifests(snapshot).forEach(this::addManifest));
  }

  /** Adds one path. */
  public void add(String path) {
    paths.add(path);
  }

  private void add(JsonNode node, String field) {
    paths.add(node.path(field).asText());
  }

  private List<String> manifests(SnapshotManifests manifests) {
    if (manifests instanceof Inline inline) {
      return inline.paths();
    }
    String list = ((InList) manifests).location();
    if (paths.contains(list)) {
      return List.of();
    }
    List<String> listed = read(list);
    // Last, so that a list that could not be read is read again.
    paths.add(list);
    return listed;
  }

  private List<String> read(String list) {
    try (InputStream in = destination.open(list)) {
      return ManifestList.read(in.readAllBytes()).stream().map(ListedManifest::path).toList();
    } catch (ManifestProblemException e) {
      throw new BadManifestException(list, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addManifest(String manifest) {
    if (paths.contains(manifest)) {
      return;
    }
    addLive(manifest);
    paths.add(manifest);
  }

  private void addLive(String manifest) {
    try (InputStream in = destination.open(manifest)) {
      ManifestEntries.read(
          in,
          entry -> {
            if (entry.isLive()) {
              paths.add(entry.path());
            }
          });
    } catch (ManifestProblemException e) {
      throw new BadManifestException(manifest, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a version that was added reaches a path. */
  public boolean contains(String path) {
    return paths.contains(path);
  }
}
