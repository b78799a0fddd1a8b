package io.twinberg.log;

/** What stands under a name of a catalog; tables and views share one name space. */
public enum EntryKind {
  TABLE,
  VIEW
}
