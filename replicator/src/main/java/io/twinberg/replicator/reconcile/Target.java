package io.twinberg.replicator.reconcile;

import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Where a rule wants a replica of a table.
 *
 * @param root the destination's root location
 * @param name the replica's catalog entry at the destination
 */
public record Target(String destination, String root, TableIdentifier name) {}
