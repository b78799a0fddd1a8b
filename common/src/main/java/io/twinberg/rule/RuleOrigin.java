package io.twinberg.rule;

/** Where a rule stands. */
public sealed interface RuleOrigin {
  /** In the file's list, counted from 0; only the file changes it. */
  record File(int index) implements RuleOrigin {}

  /** In the database, where the API put it. */
  record Api(StoredRule stored) implements RuleOrigin {}
}
