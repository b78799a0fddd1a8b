/** Upstreams, clients and a whole proxy for tests. */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.testing;
