/** Pieces of HTTP that the proxy and the readers of sources share. */
@org.jspecify.annotations.NullMarked
package io.twinberg.http;
