/** Copies files byte for byte from a source's store to a destination's, and verifies them. */
@NullMarked
package io.twinberg.replicator.copy;

import org.jspecify.annotations.NullMarked;
