package io.twinberg.log;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Versions to append to one table, in chain order.
 *
 * @param expectedHead the head that the first of them follows; another head in the log refuses the
 *     append
 * @param gap why versions between the head and the first one are missing, when they are
 */
public record Append(
    SourceTable table, OptionalLong expectedHead, List<NewVersion> versions, Optional<String> gap) {
  /** Copies the list, which must not be empty. */
  public Append {
    versions = List.copyOf(versions);
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("nothing to append to " + table.name());
    }
  }
}
