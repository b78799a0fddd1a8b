/** Engines in JVMs of their own, with class paths of their own. */
@NullMarked
package io.twinberg.it.engine;

import org.jspecify.annotations.NullMarked;
