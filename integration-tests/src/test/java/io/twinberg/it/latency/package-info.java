/** What the proxy adds to a call, beside the same call made directly. */
@org.jspecify.annotations.NullMarked
package io.twinberg.it.latency;
