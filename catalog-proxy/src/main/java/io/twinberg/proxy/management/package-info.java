/** The management listener: how replicas, sources and destinations stand, health and metrics. */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.management;
