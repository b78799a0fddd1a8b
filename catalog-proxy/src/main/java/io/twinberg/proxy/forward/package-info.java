/** Passing calls on to an upstream REST catalog, once, streamed, and as they came. */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.forward;
