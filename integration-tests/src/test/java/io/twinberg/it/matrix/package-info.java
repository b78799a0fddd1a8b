/** What Spark can write, replicated and compared commit by commit. */
@NullMarked
package io.twinberg.it.matrix;

import org.jspecify.annotations.NullMarked;
