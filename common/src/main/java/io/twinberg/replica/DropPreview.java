package io.twinberg.replica;

import io.twinberg.database.PathHash;

/**
 * What dropping a replica would take away.
 *
 * @param versions how many versions were published of it
 * @param files how many files they brought
 * @param bytes how long these are together
 */
public record DropPreview(Replica replica, long versions, long files, long bytes) {
  /**
   * Proves that somebody has seen this of the replica as it is. It is no secret: it keeps a person
   * from dropping what is not what it was when he looked.
   */
  public String token() {
    return PathHash.of(
        String.join(
            "\n",
            replica.id(),
            replica.name().toString(),
            replica.lifecycle().name(),
            String.valueOf(replica.generation())));
  }
}
