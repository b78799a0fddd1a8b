package io.twinberg.replica;

/** What has become of a replica's source table. */
public enum ReplicaLifecycle {
  /** The source has the table, and the replica follows it. */
  ACTIVE,
  /** The source dropped the table; the replica stays readable. */
  SOURCE_DROPPED,
  /** Another history took the table's name; the replica stays readable under a name of its own. */
  ARCHIVED
}
