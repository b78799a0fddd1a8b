package io.twinberg.replicator.task;

import java.io.Serializable;
import java.util.List;

/**
 * A piece of work on files: plain paths, never secrets; running it twice has the effect of once.
 */
public sealed interface ReplicationTask extends Serializable {
  /** Copies one file byte for byte. */
  record CopyFile(String sourcePath, String targetPath, long lengthInBytes)
      implements ReplicationTask {}

  /**
   * Rewrites one manifest and copies the live files under it that the destination lacks.
   *
   * @param copied manifests at the destination whose files are there already
   */
  record RewriteManifest(String sourcePath, String targetPath, List<String> copied)
      implements ReplicationTask {
    /** Copies the list. */
    public RewriteManifest {
      copied = List.copyOf(copied);
    }
  }

  /** Writes a manifest list, whose bytes are small and at hand. */
  record PutList(String targetPath, byte[] bytes) implements ReplicationTask {}
}
