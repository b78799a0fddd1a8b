/** Capture: an intent before every mutating call is forwarded, and its outcome afterwards. */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.capture;
