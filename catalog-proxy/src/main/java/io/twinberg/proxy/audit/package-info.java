/** The record of calls that Twinberg refuses because of who makes them. */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.audit;
