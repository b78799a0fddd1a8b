/** Reads table metadata files: their bytes, and the few facts that ordering and planning need. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.metadata;
