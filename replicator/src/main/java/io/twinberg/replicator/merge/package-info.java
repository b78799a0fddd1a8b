/** Merges a version of the source's table metadata into the replica's, on the JSON tree. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.merge;
