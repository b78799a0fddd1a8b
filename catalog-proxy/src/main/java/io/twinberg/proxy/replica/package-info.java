/**
 * Serves the replicas of a destination: the read endpoints of Iceberg REST, and nothing that
 * changes anything.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.replica;
