package io.twinberg.replicator.plan;

import io.twinberg.replicator.merge.MissingParts.MissingSnapshot;
import io.twinberg.replicator.rewrite.ListedManifest;
import io.twinberg.replicator.rewrite.ManifestList;
import io.twinberg.replicator.rewrite.RewrittenFile;
import io.twinberg.replicator.task.ReplicationTask.ManifestTask;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What has to be done for one snapshot.
 *
 * @param list the bytes of its manifest list at the source; empty if its manifests stand inline in
 *     the metadata
 * @param present the manifests of the list that need no work
 * @param tasks one for each of the others
 */
public record SnapshotPlan(
    MissingSnapshot snapshot,
    Optional<byte[]> list,
    List<ListedManifest> manifests,
    Map<String, RewrittenFile> present,
    List<ManifestTask> tasks) {
  /** Copies the collections. */
  public SnapshotPlan {
    manifests = List.copyOf(manifests);
    present = Map.copyOf(present);
    tasks = List.copyOf(tasks);
  }

  /**
   * The manifest list as it stands at the destination, once every manifest's target and length are
   * known; empty if the snapshot has none.
   */
  public Optional<byte[]> rewriteList(Map<String, RewrittenFile> rewritten) {
    return list.map(bytes -> ManifestList.rewrite(bytes, path -> target(path, rewritten)));
  }

  /** How many files the manifests that need work name; empty where the list does not count them. */
  public OptionalLong files() {
    long files = 0;
    for (ListedManifest manifest : manifests) {
      if (present.containsKey(manifest.path())) {
        continue;
      }
      if (manifest.addedFiles().isEmpty() || manifest.existingFiles().isEmpty()) {
        return OptionalLong.empty();
      }
      files += manifest.addedFiles().getAsInt() + manifest.existingFiles().getAsInt();
    }
    return OptionalLong.of(files);
  }

  /**
   * About how much data is to be brought: of a snapshot that follows one which is there, what it
   * adds; of one of which nothing is there yet, all. Empty for history, for what an earlier attempt
   * has brought a part of, and where the summary does not tell.
   */
  public OptionalLong bytes() {
    if (tasks.isEmpty()) {
      return OptionalLong.of(0);
    }
    if (snapshot.isHistory()) {
      return OptionalLong.empty();
    }
    if (snapshot.follows()) {
      return snapshot.size().addedBytes();
    }
    return present.isEmpty() ? snapshot.size().totalBytes() : OptionalLong.empty();
  }

  private RewrittenFile target(String path, Map<String, RewrittenFile> rewritten) {
    RewrittenFile target = present.containsKey(path) ? present.get(path) : rewritten.get(path);
    if (target == null) {
      throw new IllegalStateException("no target for manifest " + path);
    }
    return target;
  }
}
