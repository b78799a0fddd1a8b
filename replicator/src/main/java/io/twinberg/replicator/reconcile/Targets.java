package io.twinberg.replicator.reconcile;

import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;

/** The rules, as far as reconciling needs them: which replicas a table is to have. */
@FunctionalInterface
public interface Targets {
  /** Where the table is to have replicas; none when no rule matches. */
  List<Target> of(String source, TableIdentifier name);
}
