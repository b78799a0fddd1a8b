package io.twinberg.config;

import java.util.Optional;

/**
 * What a rule says of the replicas of its tables, in the place of what their destination says or of
 * what holds for all.
 *
 * @param retention which snapshots they keep; empty: the destination's
 * @param namespaceMapping how their namespaces are named; empty: the destination's
 * @param priority from 0 to 9, higher first where replicas wait for a lane
 * @param bandwidthLimit how many bytes a second are written for each of them at most, within what
 *     their destination allows
 */
public record RuleOverrides(
    Optional<Retention> retention,
    Optional<NamespaceMapping> namespaceMapping,
    RefSelection refs,
    int priority,
    Optional<DataSize> bandwidthLimit) {
  /** The priority of replicas whose rule names none. */
  public static final int USUAL_PRIORITY = 5;

  static final int HIGHEST_PRIORITY = 9;

  /**
   * The least that a replica may be limited to. A file of 8 MiB, which is held in memory until it
   * is written, takes two minutes then; with less, stores would hang up on what is read so slowly,
   * and a copy would hardly end.
   */
  static final DataSize LEAST_BANDWIDTH = new DataSize(64 << 10);

  /** Everything is as the destination says. */
  public static final RuleOverrides NONE =
      new RuleOverrides(
          Optional.empty(),
          Optional.empty(),
          new RefSelection.All(),
          USUAL_PRIORITY,
          Optional.empty());

  /** Rejects a priority that there is not, and a limit below the least. */
  public RuleOverrides {
    if (priority < 0 || priority > HIGHEST_PRIORITY) {
      throw new IllegalArgumentException("must be a priority from 0 to 9, not " + priority);
    }
    bandwidthLimit.ifPresent(RuleOverrides::requireEnough);
  }

  /** Returns a limit that a copy can be made under. */
  static DataSize requireEnough(DataSize limit) {
    if (limit.bytes() < LEAST_BANDWIDTH.bytes()) {
      throw new IllegalArgumentException(
          "must be at least " + LEAST_BANDWIDTH.format() + " a second, or copies would hardly end");
    }
    return limit;
  }
}
