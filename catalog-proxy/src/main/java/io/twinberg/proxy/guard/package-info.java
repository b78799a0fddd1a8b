/** The check in front of catalogs: which grants each route of Iceberg REST needs. */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.guard;
