/**
 * Verifies replicas: reads them through Iceberg's own readers, and shares nothing with the code
 * that makes them.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.verify;
