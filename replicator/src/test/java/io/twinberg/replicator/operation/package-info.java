/** Tests of operations in a running replicator. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.operation;
