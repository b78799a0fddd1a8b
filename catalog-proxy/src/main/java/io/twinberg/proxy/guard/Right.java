package io.twinberg.proxy.guard;

/** What a route needs of its caller. */
enum Right {
  /** Any grant on the catalog. */
  ENTER,
  /** To know that a namespace exists: one that may be read, or that leads to such. */
  SEE,
  /** To read. */
  READ,
  /** To change; also whatever cannot be told from it. */
  WRITE,
  /** To get credentials of the catalog's storage. */
  VENDED,
  /** To have a storage request signed, which may read or write. */
  SIGN
}
