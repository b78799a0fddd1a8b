package io.twinberg.rule;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All rules of the API at one revision. */
public record StoredRules(long revision, List<StoredRule> rules) {
  /** Copies the list. */
  public StoredRules {
    rules = List.copyOf(rules);
  }

  /** The rule that covers exactly this. */
  public Optional<StoredRule> find(RuleScope scope) {
    return rules.stream().filter(rule -> rule.scope().equals(scope)).findFirst();
  }

  /** The rules with another one, or none, in the place of what covers this. */
  StoredRules with(RuleScope scope, Optional<StoredRule> other, long newRevision) {
    Stream<StoredRule> others = rules.stream().filter(rule -> !rule.scope().equals(scope));
    return new StoredRules(newRevision, Stream.concat(others, other.stream()).toList());
  }
}
