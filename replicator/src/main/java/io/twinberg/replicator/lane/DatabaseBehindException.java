package io.twinberg.replicator.lane;

import io.twinberg.replica.Replica;
import io.twinberg.replicator.pointer.Pointer;

/** The database is older than the bucket, and does not know yet what the bucket shows. */
final class DatabaseBehindException extends RuntimeException {
  DatabaseBehindException(Replica replica, Pointer pointer) {
    super(
        ("the bucket shows generation %d of this replica and the database knows %d, as after the restore of a"
                + " backup; nothing is written before the log has the source's version %s again")
            .formatted(
                pointer.generation(), replica.generation(), pointer.sourceMetadataLocation()));
  }
}
