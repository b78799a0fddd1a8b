/** Calls that are made twice, once past the proxy and once through it, and must not differ. */
@org.jspecify.annotations.NullMarked
package io.twinberg.it.transparency;
