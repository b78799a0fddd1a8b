package io.twinberg.log;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where an intent stands; {@link #next} is the one table of legal transitions. */
public enum IntentState {
  /** Durable and about to be forwarded, or being forwarded. */
  PENDING,
  /** The source answered 2xx. */
  COMMITTED,
  /** The source answered 4xx (not 408). */
  REJECTED,
  /** Nobody knows yet whether the source committed; it may still do so later. */
  UNKNOWN,
  /** The versions that explain it are in the log. */
  LOGGED,
  /** Not found at the source after the settling time. */
  ABANDONED;

  private Set<IntentState> next() {
    return switch (this) {
      case PENDING -> EnumSet.of(COMMITTED, REJECTED, UNKNOWN);
      // A process that was thought dead may still report the outcome.
      case UNKNOWN -> EnumSet.of(COMMITTED, REJECTED, LOGGED, ABANDONED);
      case COMMITTED -> EnumSet.of(LOGGED);
      case REJECTED, LOGGED, ABANDONED -> EnumSet.noneOf(IntentState.class);
    };
  }

  /** The states from which a transition leads here. */
  Set<IntentState> before() {
    return Stream.of(values())
        .filter(state -> state.next().contains(this))
        .collect(Collectors.toSet());
  }

  /**
   * Checks a transition.
   *
   * @throws IllegalStateException when the table does not have it
   */
  public IntentState to(IntentState target) {
    if (!next().contains(target)) {
      throw new IllegalStateException("an intent cannot go from " + this + " to " + target);
    }
    return target;
  }
}
