/** Real Iceberg REST catalogs that tests start, stop and kill. */
@NullMarked
package io.twinberg.it.catalog;

import org.jspecify.annotations.NullMarked;
