/** Removing what nobody needs any more from the log, once it is old enough. */
@org.jspecify.annotations.NullMarked
package io.twinberg.prune;
