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
    DestinationConfig to = file.destination(destination).orElseThrow();
    Namespace namespace = to.namespaceMapping().apply(rule.source(), table.namespace());
    return TableIdentifier.of(namespace, table.name());
  }
}
