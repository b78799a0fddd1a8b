package io.twinberg.replicator.reconcile;

import io.twinberg.rule.RuleEdit;
import io.twinberg.rule.RuleScope;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** The rules, as far as reconciling needs them: which replicas a table or view is to have. */
@FunctionalInterface
public interface Targets {
  /** Where the table is to have replicas; none when no rule matches. */
  List<Target> of(String source, TableIdentifier name);

  /** Where a namespace is to stand even when it is empty; none when no rule matches. */
  default List<NamespaceTarget> ofNamespace(String source, Namespace namespace) {
    return List.of();
  }

  /**
   * Where a rule that might be put for a scope would want replicas, and no other rule; empty when
   * it could not be put, for the file has a rule for the same.
   */
  default Optional<Targets> ofRule(RuleScope scope, RuleEdit.Body rule) {
    return Optional.empty();
  }
}
