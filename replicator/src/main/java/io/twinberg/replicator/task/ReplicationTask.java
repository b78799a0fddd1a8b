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

  /** Rewrites one manifest, after or beside the files under it. */
  sealed interface ManifestTask extends ReplicationTask {
    /** The manifest at the source. */
    String sourcePath();

    /** Where it stands at the destination. */
    String targetPath();

    /** Manifests at the destination whose files are there already. */
    List<String> copied();
  }

  /** Rewrites one data manifest and copies the live files under it that the destination lacks. */
  record RewriteManifest(String sourcePath, String targetPath, List<String> copied)
      implements ManifestTask {
    /** Copies the list. */
    public RewriteManifest {
      copied = List.copyOf(copied);
    }
  }

  /**
   * Rewrites one delete manifest, after it has rewritten or copied the live files under it that the
   * destination lacks.
   *
   * @param suffix goes into the names of the rewritten files, so that no other attempt writes them
   */
  record RewriteDeletes(String sourcePath, String targetPath, List<String> copied, String suffix)
      implements ManifestTask {
    /** Copies the list. */
    public RewriteDeletes {
      copied = List.copyOf(copied);
    }
  }

  /** Writes a manifest list, whose bytes are small and at hand. */
  record PutList(String targetPath, byte[] bytes) implements ReplicationTask {}
}
