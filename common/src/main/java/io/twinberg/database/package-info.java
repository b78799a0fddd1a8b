/** Opens the database that the roles meet in: an H2 file or a shared PostgreSQL. */
@org.jspecify.annotations.NullMarked
package io.twinberg.database;
