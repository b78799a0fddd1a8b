/** Rewrites the contents of position delete files and deletion vectors, which name data files. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.delete;
