package io.twinberg.replicator.task;

import io.twinberg.replicator.rewrite.RewrittenDelete;
import io.twinberg.replicator.rewrite.TranscodedManifest;
import java.util.Map;
import java.util.Optional;

/**
 * What a task did.
 *
 * @param files how many files it wrote, in {@code bytes} bytes
 * @param manifest the rewritten manifest, for a task that rewrote one
 * @param deletes the delete files under it that this attempt has rewritten, by source path
 */
public record TaskResult(
    long files,
    long bytes,
    Optional<TranscodedManifest> manifest,
    Map<String, RewrittenDelete> deletes) {
  /** Copies the map. */
  public TaskResult {
    deletes = Map.copyOf(deletes);
  }

  static TaskResult of(long files, long bytes) {
    return new TaskResult(files, bytes, Optional.empty(), Map.of());
  }
}
