package io.twinberg.replicator.unreferenced;

import io.twinberg.replica.Replica;

/** The bucket shows a later generation of a replica than the database, which is an older one. */
public final class BucketAheadException extends RuntimeException {
  BucketAheadException(Replica replica, long pointer) {
    super(
        "replica %s has generation %d in the database, and the bucket shows %d"
            .formatted(replica.id(), replica.generation(), pointer));
  }
}
