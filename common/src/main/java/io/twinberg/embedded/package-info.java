/** The embedded catalog: a source of our own, on Iceberg's JDBC catalog and Twinberg's database. */
@org.jspecify.annotations.NullMarked
package io.twinberg.embedded;
