package io.twinberg.replicator.rewrite;

import io.twinberg.replica.PathRange;
import java.util.Optional;

/**
 * Where a rewritten delete file lies and what its manifest entries must say of it.
 *
 * @param paths the first and the last data file path that it holds; empty for deletion vectors,
 *     whose entries name their one data file, and for files without rows
 */
public record RewrittenDelete(String path, long lengthInBytes, Optional<PathRange> paths) {

  /** Rejects a negative length. */
  public RewrittenDelete {
    if (lengthInBytes < 0) {
      throw new IllegalArgumentException("negative length " + lengthInBytes + " of " + path);
    }
  }
}
