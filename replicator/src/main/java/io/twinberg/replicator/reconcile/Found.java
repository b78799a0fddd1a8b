package io.twinberg.replicator.reconcile;

import io.twinberg.log.Append;
import io.twinberg.log.SourceTable;
import io.twinberg.replicator.metadata.MetadataFacts;
import java.util.Optional;

/** What a look at a table of the source gave. */
sealed interface Found {
  /**
   * The source has the table.
   *
   * @param news what the log does not have yet; the caller appends it
   */
  record Present(SourceTable table, MetadataFacts facts, Optional<Append> news) implements Found {}

  /** The source lists no such table. */
  record Absent() implements Found {}

  /** The source could not be asked; nothing follows from it. */
  record NoAnswer(String why) implements Found {}

  /**
   * Commits through the proxy that have still to be explained come before what the source shows,
   * and it need not show anything of them: to be looked at again after them.
   */
  record TooEarly() implements Found {}

  /** Whether it says neither that the table is there nor that it is not. */
  default boolean isInconclusive() {
    return this instanceof NoAnswer || this instanceof TooEarly;
  }
}
