package io.twinberg.config;

import java.util.Optional;

/**
 * What a rule says of the replicas of its tables, in the place of what their destination says or of
 * what holds for all.
 *
 * @param retention which snapshots they keep; empty: the destination's
 * @param namespaceMapping how their namespaces are named; empty: the destination's
 * @param priority from 0 to 9, higher first where replicas wait for a lane
 */
public record RuleOverrides(
    Optional<Retention> retention,
    Optional<NamespaceMapping> namespaceMapping,
    RefSelection refs,
    int priority) {
  /** The priority of replicas whose rule names none. */
  public static final int USUAL_PRIORITY = 5;

  static final int HIGHEST_PRIORITY = 9;

  /** Everything is as the destination says. */
  public static final RuleOverrides NONE =
      new RuleOverrides(Optional.empty(), Optional.empty(), new RefSelection.All(), USUAL_PRIORITY);

  /** Rejects a priority that there is not. */
  public RuleOverrides {
    if (priority < 0 || priority > HIGHEST_PRIORITY) {
      throw new IllegalArgumentException("must be a priority from 0 to 9, not " + priority);
    }
  }
}
