package io.twinberg.replica;

/** What a row of the ledger vouches for; a row whose file nothing needs any more is removed. */
public enum LedgerState {
  /** The file and everything live under it are at the destination; nothing published names it. */
  STAGED,
  /** Published metadata names it. */
  LIVE
}
