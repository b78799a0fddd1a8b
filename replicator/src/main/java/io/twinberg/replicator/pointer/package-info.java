/**
 * The pointer objects in a destination's bucket, from which alone its replica catalog can be
 * rebuilt.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.pointer;
