package io.twinberg.embedded;

import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A commit whose metadata file could not be written, for instance on a full disk. No pointer was
 * touched, so that it surely did not happen.
 */
public final class NotCommittedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotCommittedException(TableIdentifier entry, Throwable cause) {
    super("Nothing was committed: the metadata file of " + entry + " could not be written", cause);
  }
}
