package io.twinberg.replica;

import io.twinberg.database.PathHash;

/**
 * What dropping a replica would take away. How many files that is, only a listing of its folder
 * tells: receipts are pruned, and a recovery brings back none.
 */
public record DropPreview(Replica replica) {
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
