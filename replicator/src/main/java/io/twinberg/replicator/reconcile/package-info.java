/**
 * Turns what happened at a source into table versions in chain order: intents first, then what
 * bypassed the proxy.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.reconcile;
