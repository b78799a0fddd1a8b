package io.twinberg.replicator.reconcile;

import org.apache.iceberg.catalog.Namespace;

/**
 * Where the rules want a namespace.
 *
 * @param root the destination's root location
 * @param namespace its name at the destination
 */
public record NamespaceTarget(String destination, String root, Namespace namespace) {}
