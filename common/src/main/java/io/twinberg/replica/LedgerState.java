package io.twinberg.replica;

import java.util.EnumSet;
import java.util.Set;

/** Where a rewritten file stands; {@link #next} is the one table of legal transitions. */
public enum LedgerState {
  /** It and everything live under it are at the destination; nothing published names it yet. */
  STAGED,
  /** Published metadata names it. */
  LIVE,
  /** Nothing names it any more; readers may still have it open. */
  CONDEMNED,
  /** It is being deleted under a lease's token. */
  DELETING,
  /** It has been deleted. */
  GONE;

  private Set<LedgerState> next() {
    return switch (this) {
      case STAGED -> EnumSet.of(LIVE, CONDEMNED);
      case LIVE -> EnumSet.of(CONDEMNED);
      // A file that is needed again before its deletion begins is revived.
      case CONDEMNED -> EnumSet.of(LIVE, DELETING);
      case DELETING -> EnumSet.of(GONE);
      case GONE -> EnumSet.of(STAGED);
    };
  }

  /**
   * Checks a transition.
   *
   * @throws IllegalStateException when the table does not have it
   */
  public LedgerState to(LedgerState target) {
    if (!next().contains(target)) {
      throw new IllegalStateException("a ledger row cannot go from " + this + " to " + target);
    }
    return target;
  }
}
