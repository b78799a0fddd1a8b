package io.twinberg.replicator.reconcile;

import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The source does not say whether a known table still has its earlier name. Whoever went on would
 * take a rename for a second table, copy it whole and archive the replica that it has.
 */
final class NameInDoubtException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NameInDoubtException(TableIdentifier name, TableIdentifier earlier, String why) {
    super("cannot tell whether " + name + " was " + earlier + " before: " + why);
  }
}
