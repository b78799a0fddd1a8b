/** Wakes a waiting loop of this process, so that polling is only for what other processes do. */
@org.jspecify.annotations.NullMarked
package io.twinberg.wake;
