package io.twinberg.replicator.unreferenced;

import io.twinberg.replica.Replica;

/** The bucket shows a later generation of a replica than the database, which is an older one. */
public final class BucketAheadException extends RuntimeException {
  BucketAheadException(Replica replica, String pointer) {
    super(
        "replica %s has generation %d in the database, and the bucket shows a later one: %s"
            .formatted(replica.id(), replica.generation(), pointer));
  }
}
