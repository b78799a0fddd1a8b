package io.twinberg.replicator.reconcile;

import java.util.List;
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
}
