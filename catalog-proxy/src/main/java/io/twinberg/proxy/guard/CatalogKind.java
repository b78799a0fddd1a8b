package io.twinberg.proxy.guard;

/** What kind of catalog stands behind a guard. */
public enum CatalogKind {
  /** The replicas of a destination. */
  REPLICAS,
  /** Twinberg's own catalog. */
  EMBEDDED,
  /** Somebody else's, which Twinberg calls as itself. */
  UPSTREAM;

  /** Whether credentials that it hands out, or signatures, may serve to write. */
  boolean vendsWrites() {
    return this != REPLICAS;
  }

  /** Whether somebody else reads the names in a path, and perhaps in another way. */
  boolean isForeign() {
    return this == UPSTREAM;
  }
}
