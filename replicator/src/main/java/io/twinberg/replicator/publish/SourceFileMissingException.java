package io.twinberg.replicator.publish;

import io.twinberg.storage.StoreException;
import java.util.OptionalLong;

/**
 * A version needs a file that the source does not have any more. A newer version may do without it.
 */
public final class SourceFileMissingException extends RuntimeException {
  private final StoreException missing;
  private final OptionalLong snapshotId;

  SourceFileMissingException(StoreException missing, OptionalLong snapshotId) {
    super(missing.getMessage(), missing);
    this.missing = missing;
    this.snapshotId = snapshotId;
  }

  /** What the source's store said. */
  public StoreException missing() {
    return missing;
  }

  /** The snapshot that needs the file; empty for a statistics file. */
  public OptionalLong snapshotId() {
    return snapshotId;
  }
}
