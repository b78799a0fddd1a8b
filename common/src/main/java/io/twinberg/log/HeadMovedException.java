package io.twinberg.log;

/** Somebody else appended to the table meanwhile; look at the log again. */
public final class HeadMovedException extends RuntimeException {
  /** Names the table. */
  public HeadMovedException(SourceTable table) {
    super("the head of " + table.name() + " of source " + table.source() + " has moved");
  }
}
