package io.twinberg.rule;

import io.twinberg.config.DestinationConfig;
import io.twinberg.config.FileRules;
import io.twinberg.config.RuleConfig;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** What replicas are called at their destinations. */
public record TargetNames(FileRules file) {
  /** The name of a table's replica at a destination of its rule. */
  public TableIdentifier of(RuleConfig rule, String destination, TableIdentifier table) {
    return TableIdentifier.of(of(rule, destination, table.namespace()), table.name());
  }

  /** The name of a namespace at a destination of the rule: as the rule says, or the destination. */
  public Namespace of(RuleConfig rule, String destination, Namespace namespace) {
    DestinationConfig to = file.destination(destination).orElseThrow();
    return rule.overrides()
        .namespaceMapping()
        .orElseGet(to::namespaceMapping)
        .apply(rule.source(), namespace);
  }
}
