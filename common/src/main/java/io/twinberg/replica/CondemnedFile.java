package io.twinberg.replica;

import java.time.Instant;
import java.util.Optional;

/**
 * A file of a replica that nothing names any more.
 *
 * @param deletingSince the moment before which no call that deletes it was sent; empty while it is
 *     only condemned
 */
public record CondemnedFile(String path, Instant condemnedAt, Optional<Instant> deletingSince) {
  /** Whether a call that deletes it may be on its way. */
  public boolean isBeingDeleted() {
    return deletingSince.isPresent();
  }
}
