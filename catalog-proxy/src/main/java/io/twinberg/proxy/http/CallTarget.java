package io.twinberg.proxy.http;

import io.twinberg.proxy.catalog.ServedCatalog;

/**
 * Where a call goes.
 *
 * @param name the served name
 * @param path the raw path below the catalog's base, without our prefix
 */
record CallTarget(String name, ServedCatalog catalog, String path) {}
