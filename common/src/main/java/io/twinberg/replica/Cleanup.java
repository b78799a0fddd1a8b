package io.twinberg.replica;

import java.time.Instant;

/**
 * When a replica's folder is looked through for files that nothing names, and what the last look
 * saw.
 *
 * @param seenToken the token of the lease under which it was looked through
 * @param seenGeneration the replica's generation then
 * @param lookAt when it is looked through next
 * @param dueAt when anything is to be done next, deleting what was found included
 */
public record Cleanup(long seenToken, long seenGeneration, Instant lookAt, Instant dueAt) {
  /**
   * Whether anything can have been left behind since: nobody else has worked on the replica, and
   * nothing was published.
   */
  public boolean sawAllOf(Replica replica, Lease lease) {
    return seenGeneration == replica.generation() && lease.token() - seenToken <= 1;
  }
}
