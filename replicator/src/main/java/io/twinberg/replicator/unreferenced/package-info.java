/** Finds what lies in a replica's folder and is not reached from any metadata that is shown. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.unreferenced;
