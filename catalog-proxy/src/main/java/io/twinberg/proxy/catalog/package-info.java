/**
 * What every served catalog is: something that answers calls. Sources, replicas and the steps
 * before them are each one.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.catalog;
