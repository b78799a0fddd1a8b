/** The replicator role: reconciles sources and applies their versions to destinations. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator;
