package io.twinberg.config;

/** What happens to a commit that removes snapshots which a replica has not applied yet. */
enum ExpiryGuard {
  /** It goes on to the source; the replica may come too late for the files. */
  OFF,
  /** It is refused for a while, so that the client tries again when the replica has caught up. */
  HOLD
}
