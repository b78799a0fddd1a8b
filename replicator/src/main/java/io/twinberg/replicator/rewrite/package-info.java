/** Rewrites the paths inside metadata files and leaves every other byte as it was. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.rewrite;
