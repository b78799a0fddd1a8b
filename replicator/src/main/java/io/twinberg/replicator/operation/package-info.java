/** Runs the operations that people ask for, beside the lanes. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.operation;
