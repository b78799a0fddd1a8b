package io.twinberg.fault;

/** A step after which a process may die, in the order in which a commit passes them. */
public enum CrashPoint {
  /** An intent is durable, and its call has not been forwarded. */
  INTENT_OPENED,
  /** A forwarded call is over, and nothing of how it ended is recorded. */
  ANSWERED,
  /** How it ended is recorded, and the client has no answer. */
  SETTLED,
  /** A lane holds the lease of a replica. */
  CLAIMED,
  /** What a version lacks at the destination is known. */
  PLANNED,
  /** A data file is at the destination, and nothing says so; others of its manifest may lack. */
  FILE_COPIED,
  /** A manifest and everything under it are at the destination, and the ledger says so. */
  MANIFEST_STAGED,
  /** All manifests and the list of one snapshot are at the destination. */
  SNAPSHOT_TRANSFERRED,
  /** So are those of all snapshots of a version. */
  SNAPSHOTS_TRANSFERRED,
  /** The metadata file is at the destination, and nobody knows of it. */
  METADATA_WRITTEN,
  /** Everything that the metadata file names is there, too. */
  FILES_COMPLETE,
  /** The version of a group waits at the destination for the group's others. */
  GROUP_STAGED,
  /** Readers are shown all versions of a group. */
  GROUP_PUBLISHED,
  /** Readers are shown the version. */
  PUBLISHED,
  /** The bucket alone tells of the version. */
  POINTER_WRITTEN,
  /** The metadata file of a view is at the destination, and nobody knows of it. */
  VIEW_WRITTEN,
  /** Readers are shown the version of a view. */
  VIEW_PUBLISHED,
  /** Metadata without the expired snapshots is at the destination, and nobody knows of it. */
  EXPIRY_WRITTEN,
  /** Readers are shown it. */
  SNAPSHOTS_EXPIRED,
  /** The ledger vouches no longer for what nothing names. */
  UNVOUCHED,
  /** Files that nothing names are condemned. */
  CONDEMNED,
  /** Calls that delete files may be on their way, and none is. */
  DELETION_BEGUN,
  /** Files have been deleted, and the database does not know. */
  FILES_DELETED,
  /** What had a name has lost it to another table, its replicas know, and the log does not. */
  ENTRY_SUPERSEDED,
  /** The log knows a table under a new name, and no replica of it does. */
  ENTRY_KNOWN,
  /** A replica that follows nothing has made way, and nobody has taken its name. */
  REPLICA_ARCHIVED,
  /** A table has a replica, and none of its versions is in the log. */
  REPLICA_CREATED,
  /** Readers find a replica under a new name, and the bucket alone does not tell of it. */
  REPLICA_FOLLOWS,
  /** A namespace at a destination is as it is at the source, and the bucket does not tell. */
  NAMESPACE_MIRRORED,
  /** The bucket does, and the database does not know. */
  NAMESPACE_POINTER_WRITTEN,
  /** Versions are in the log, and what asked for the look does not know. */
  VERSION_LOGGED,
  /** An intent is explained. */
  INTENT_LOGGED,
  /** The replicas of a dropped table know, and the table itself does not. */
  REPLICAS_DROPPED,
  /** The drop of a table is in the log. */
  TABLE_DROPPED,
  /** Readers see a replica no more that somebody drops. */
  REPLICA_DROPPED,
  /** The bucket alone does not tell of it any more, either. */
  REPLICA_POINTERS_REMOVED,
  /** All its files are gone, and the database does not know. */
  REPLICA_FILES_REMOVED,
  /** It does, and who asked for the drop is not told. */
  REPLICA_FORGOTTEN
}
