package io.twinberg.proxy.guard;

/** Where a call says which namespaces it touches. */
enum Scope {
  /** Nowhere: it concerns the catalog as a whole. */
  CATALOG,
  /** In its path. */
  PATH,
  /** In the parameter {@code parent} of its query, perhaps the root. */
  PARENT,
  /** In its body, as the namespace to create. */
  CREATED,
  /** In its body, as the old and the new name. */
  RENAMED,
  /** In its body, as the tables of all changes. */
  CHANGED
}
