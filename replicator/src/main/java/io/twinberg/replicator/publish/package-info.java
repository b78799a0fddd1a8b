/** Applies one version to one replica: plan, copy, rewrite, merge, and then publish in one step. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.publish;
