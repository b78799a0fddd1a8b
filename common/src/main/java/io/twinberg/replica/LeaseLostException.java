package io.twinberg.replica;

/**
 * Somebody else has claimed the resource since; whatever the old owner still does must have no
 * effect.
 */
public final class LeaseLostException extends RuntimeException {
  /** Names the lease. */
  public LeaseLostException(Lease lease) {
    super("the lease on " + lease.resource() + " with token " + lease.token() + " is lost");
  }
}
