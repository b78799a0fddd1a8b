package io.twinberg.replica;

import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A target (destination, namespace, table) belongs to one replica; this one has an owner already.
 */
public final class TargetTakenException extends RuntimeException {
  /** Names the target and who has it. */
  public TargetTakenException(String destination, TableIdentifier name, Replica owner) {
    super(
        String.format(
            "%s at destination %s already belongs to the replica %s of source %s; give one of them another name with"
                + " namespace-mapping, or exclude it from its rule",
            name, destination, owner.id(), owner.source()));
  }
}
