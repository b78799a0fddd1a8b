package io.twinberg.rule;

import java.util.Optional;

/**
 * A change of one rule of the API, asked for.
 *
 * @param body how the rule is to be; empty to delete it
 * @param by who asks
 */
public record RuleEdit(RuleScope scope, Optional<Body> body, Precondition precondition, String by) {
  /** How a rule is to be: switched on or off, and JSON with the keys of the file. */
  public record Body(boolean enabled, String json) {}

  /** Why a change did not happen. */
  public enum Refusal {
    /** There is a rule, and nothing was said about it. */
    NOTHING_SAID,
    /** The rule is not what the caller takes it for. */
    STALE,
    /** There is no rule to delete. */
    MISSING,
    /** There are as many rules as there may be. */
    FULL
  }

  /** What became of it. */
  public sealed interface Outcome {}

  /** It happened; a rule that is new has nothing before, a deleted one nothing after. */
  public record Done(Optional<StoredRule> before, Optional<StoredRule> after) implements Outcome {}

  /** It did not happen; this is how the rule stands. */
  public record Refused(Refusal why, Optional<StoredRule> now) implements Outcome {}
}
