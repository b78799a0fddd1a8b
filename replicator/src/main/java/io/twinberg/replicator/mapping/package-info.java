/** Maps the path of every file of a source table to its one place in the replica's folder. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.mapping;
