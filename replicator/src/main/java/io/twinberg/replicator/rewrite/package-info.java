/**
 * Rewrites the paths inside Avro manifests and manifest lists without decoding anything else, so
 * that whatever is not a path or a length stays the same to the byte.
 */
@NullMarked
package io.twinberg.replicator.rewrite;

import org.jspecify.annotations.NullMarked;
