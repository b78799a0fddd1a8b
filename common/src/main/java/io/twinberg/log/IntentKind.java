package io.twinberg.log;

/** What a mutating call on a catalog does. */
public enum IntentKind {
  /** A table is created, or staged for a later create. */
  CREATE_TABLE,
  /** Updates are committed to a table; also completes a staged create. */
  UPDATE_TABLE,
  /** An existing metadata file becomes a table. */
  REGISTER_TABLE,
  /** A table leaves the catalog. */
  DROP_TABLE,
  /** A table leaves the catalog and its metadata location is handed back. */
  UNREGISTER_TABLE,
  /** A table's catalog entry moves; the targets are the old and the new name. */
  RENAME_TABLE,
  /** Updates are committed to several tables at once. */
  TRANSACTION,
  /** A namespace is created. */
  CREATE_NAMESPACE,
  /** A namespace's properties change. */
  UPDATE_NAMESPACE,
  /** A namespace is dropped. */
  DROP_NAMESPACE,
  /** A view is created. */
  CREATE_VIEW,
  /** A view is replaced. */
  UPDATE_VIEW,
  /** An existing view metadata file becomes a view. */
  REGISTER_VIEW,
  /** A view is dropped. */
  DROP_VIEW,
  /** A view's catalog entry moves. */
  RENAME_VIEW,
  /** A mutating call that this version does not know: its scope is looked at again as a whole. */
  OTHER;

  /** Whether a success can make a new table version. */
  public boolean versionsTables() {
    return this == CREATE_TABLE
        || this == UPDATE_TABLE
        || this == REGISTER_TABLE
        || this == TRANSACTION;
  }
}
