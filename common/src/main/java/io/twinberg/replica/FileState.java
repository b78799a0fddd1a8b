package io.twinberg.replica;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a file at a destination stands; {@link #next} is the one table of legal transitions. Rows
 * exist for what is CONDEMNED or DELETING: the files that are LIVE are those that metadata names.
 */
public enum FileState {
  /** A version or an attempt needs it, or nobody has found yet that none does. */
  LIVE,
  /** Nothing names it any more; readers may still have it open. */
  CONDEMNED,
  /** A call that deletes it may be on its way; nobody can call it back. */
  DELETING,
  /** It has been deleted, and no such call is on its way any more. */
  GONE;

  private Set<FileState> next() {
    return switch (this) {
      case LIVE -> EnumSet.of(CONDEMNED);
      // A file that is needed again before its deletion begins is revived.
      case CONDEMNED -> EnumSet.of(LIVE, DELETING);
      // Also once more, by whoever finishes what an attempt that did not end has begun.
      case DELETING -> EnumSet.of(DELETING, GONE);
      // The same path is written again.
      case GONE -> EnumSet.of(LIVE);
    };
  }

  /** The states from which a transition leads here. */
  Set<FileState> before() {
    return Stream.of(values())
        .filter(state -> state.next().contains(this))
        .collect(Collectors.toSet());
  }
}
