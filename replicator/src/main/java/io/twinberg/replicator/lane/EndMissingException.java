package io.twinberg.replicator.lane;

import io.twinberg.replica.Replica;

/** A replica's source or destination is not in the configuration any more. */
final class EndMissingException extends RuntimeException {
  EndMissingException(Replica replica) {
    super(
        "the source "
            + replica.source()
            + " or the destination "
            + replica.destination()
            + " is not in the configuration any more; put it back, or drop the replica");
  }
}
