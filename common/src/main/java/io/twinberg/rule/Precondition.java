package io.twinberg.rule;

import java.util.Optional;
import java.util.Set;

/** What must hold of a rule for its change to happen. */
public sealed interface Precondition {
  /** Nothing was said: only what is not there yet may be written. */
  record Unsaid() implements Precondition {}

  /** There must be no rule yet. */
  record Absent() implements Precondition {}

  /** There must be a rule, whatever it says. */
  record Present() implements Precondition {}

  /** The rule must be at one of these revisions. */
  record AtRevision(Set<Long> revisions) implements Precondition {
    /** Copies the set. */
    public AtRevision {
      revisions = Set.copyOf(revisions);
    }
  }

  /** Why it does not hold, if it does not. */
  default Optional<RuleEdit.Refusal> refusal(Optional<StoredRule> now) {
    if (this instanceof Unsaid) {
      return now.map(rule -> RuleEdit.Refusal.NOTHING_SAID);
    }
    boolean holds =
        this instanceof Absent
            ? now.isEmpty()
            : now.filter(
                    rule ->
                        !(this instanceof AtRevision wanted)
                            || wanted.revisions().contains(rule.revision()))
                .isPresent();
    return holds ? Optional.empty() : Optional.of(RuleEdit.Refusal.STALE);
  }
}
