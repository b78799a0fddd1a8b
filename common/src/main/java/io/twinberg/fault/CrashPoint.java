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
  /** The ledger vouches no longer for what nothing names. */
  UNVOUCHED,
  /** Files that nothing names are condemned. */
  CONDEMNED,
  /** Calls that delete files may be on their way, and none is. */
  DELETION_BEGUN,
  /** Files have been deleted, and the database does not know. */
  FILES_DELETED,
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
  REPLICA_FILES_REMOVED
}
