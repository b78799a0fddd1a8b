/** Reads the small files of a version before a lane asks for them. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.prefetch;
