package io.twinberg.replica;

/** What mends the failure of a replica, and so for how long it is tried again by itself. */
public enum Mending {
  /** It goes well again without anybody: it is tried for ever. */
  BY_ITSELF,
  /** Somebody mends it at a store or a catalog, which does not tell us: it is tried for ever. */
  UNSEEN,
  /**
   * Nothing but another version, another configuration or a person who asks for it makes a
   * difference, and all of that is seen: it is tried a few times.
   */
  SEEN
}
