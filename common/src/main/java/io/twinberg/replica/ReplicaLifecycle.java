package io.twinberg.replica;

/** What has become of a replica's source table. */
public enum ReplicaLifecycle {
  /** The source has the table, and the replica follows it. */
  ACTIVE,
  /** The source dropped the table; the replica stays readable. */
  SOURCE_DROPPED,
  /**
   * No rule covers the table's name any more: it was renamed, or the rule is gone. The replica
   * stays readable as it is, and goes on when a rule covers the table again.
   */
  UNMATCHED,
  /** Another table took the name; the replica stays readable under a name of its own. */
  ARCHIVED
}
