package io.twinberg.rule;

import io.twinberg.config.RuleConfig;
import java.util.List;
import java.util.Optional;

/**
 * A rule of the file or the API, and what has become of it.
 *
 * @param written as it stands there
 * @param enabled whether it replicates anything
 * @param shadowed whether a rule of the file covers the same, and so holds instead
 * @param problem why it does not do what it says, for example that a destination is gone
 */
public record LiveRule(
    RuleOrigin origin,
    RuleConfig written,
    boolean enabled,
    boolean shadowed,
    Optional<String> problem,
    List<String> destinations) {
  /** Copies the list. */
  public LiveRule {
    destinations = List.copyOf(destinations);
  }

  /**
   * The rule as it decides. One that is switched off still replaces wider ones, and so replicates
   * nothing of what it covers: to have the wider one back, it has to be deleted.
   */
  Optional<RuleConfig> deciding() {
    return shadowed
        ? Optional.empty()
        : Optional.of(written.to(enabled ? destinations : List.of()));
  }
}
