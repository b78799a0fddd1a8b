package io.twinberg.embedded;

/** What an entry of the catalog points to; the names stand in the database. */
enum EntryKind {
  TABLE,
  VIEW
}
