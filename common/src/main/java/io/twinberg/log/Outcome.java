package io.twinberg.log;

import java.util.Optional;

/** How a forwarded commit ended, as far as the proxy saw. */
public sealed interface Outcome {
  /** The source answered 2xx; the table is known where the answer carried it. */
  record Committed(int status, Optional<CommittedTable> table) implements Outcome {}

  /** The source answered 4xx (not 408): it says that nothing was changed. */
  record Rejected(int status) implements Outcome {}

  /** Anything else: the commit may have landed, or may land later. */
  record Unknown(Optional<Integer> status, String reason) implements Outcome {}
}
