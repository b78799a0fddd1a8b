/** Large tables, and what Iceberg's own way of copying them takes for the same work. */
@NullMarked
package io.twinberg.it.backfill;

import org.jspecify.annotations.NullMarked;
