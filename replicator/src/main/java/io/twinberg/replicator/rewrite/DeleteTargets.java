package io.twinberg.replicator.rewrite;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Brings the files of a delete manifest to the destination, one block of entries at a time, since
 * an entry holds the size of its file, which is known only then.
 */
@FunctionalInterface
public interface DeleteTargets {

  /**
   * The rewritten files of a block's position deletes by source path: every live one, and of the
   * deleted ones those that happen to have been rewritten, which may be none.
   */
  Map<String, RewrittenDelete> of(List<ManifestEntry> entries)
      throws IOException, InterruptedException;
}
