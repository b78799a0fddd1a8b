package io.twinberg.rule;

/** Told of changed rules, once they hold. */
@FunctionalInterface
public interface RuleListener {
  /** Rules of a source have changed. */
  void changed(String source, RuleDifference difference);
}
