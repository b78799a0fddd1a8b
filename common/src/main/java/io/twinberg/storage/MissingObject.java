package io.twinberg.storage;

import io.twinberg.storage.StoreException.Kind;

/**
 * Whether an object that could not be read is gone. What follows from that is for ever, and a
 * single answer may come from a place of the store that does not have the object yet: so the store
 * is asked twice, the second time in another way.
 */
public final class MissingObject {
  private MissingObject() {}

  /**
   * True when the failed call found nothing and the store says again that there is nothing.
   *
   * @throws StoreException when it cannot be asked now
   */
  public static boolean isConfirmed(StoreException e, ObjectStore store) {
    return e.kind() == Kind.MISSING && store.length(e.location()).isEmpty();
  }
}
