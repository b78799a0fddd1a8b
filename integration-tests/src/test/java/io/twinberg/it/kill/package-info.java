/** A server that is killed again and again while clients commit through it. */
@NullMarked
package io.twinberg.it.kill;

import org.jspecify.annotations.NullMarked;
