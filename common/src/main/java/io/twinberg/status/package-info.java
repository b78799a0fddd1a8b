/**
 * What people ask of replicas and catalogs: their states, lags and names, read from the database.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.status;
