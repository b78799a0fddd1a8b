package io.twinberg.replicator.reconcile;

import io.twinberg.replica.ReplicaSettings;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Where a rule wants a replica of a table.
 *
 * @param root the destination's root location
 * @param headsFirst whether a new replica begins with the heads of refs, and the history follows
 * @param settings what the rule says of the replica besides
 * @param name the replica's catalog entry at the destination
 */
public record Target(
    String destination,
    String root,
    boolean headsFirst,
    ReplicaSettings settings,
    TableIdentifier name) {
  /** A target whose replica is as its destination says. */
  public Target(String destination, String root, boolean headsFirst, TableIdentifier name) {
    this(destination, root, headsFirst, ReplicaSettings.NONE, name);
  }

  /** A target whose replica begins with the oldest snapshot. */
  public Target(String destination, String root, TableIdentifier name) {
    this(destination, root, false, name);
  }
}
