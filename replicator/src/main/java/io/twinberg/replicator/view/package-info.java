/** Brings views to a destination: their metadata as it is, but for the locations in it. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.view;
