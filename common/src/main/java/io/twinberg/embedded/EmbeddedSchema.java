package io.twinberg.embedded;

import io.twinberg.database.Database;

/**
 * The tables of Iceberg's JDBC catalog (schema V1), with room for long names: its own DDL stops at
 * 255 characters, and at 1000 for locations and property values.
 */
final class EmbeddedSchema {
  private static final long LOCK = 0x7477696e62657267L;

  private static final String TABLES =
      """
      create table if not exists iceberg_tables (
        catalog_name                varchar(255) not null,
        table_namespace             varchar(1000) not null,
        table_name                  varchar(500) not null,
        metadata_location           varchar(4000),
        previous_metadata_location  varchar(4000),
        iceberg_type                varchar(5),
        primary key (catalog_name, table_namespace, table_name)
      )
      """;
  private static final String NAMESPACE_PROPERTIES =
      """
      create table if not exists iceberg_namespace_properties (
        catalog_name    varchar(255) not null,
        namespace       varchar(1000) not null,
        property_key    varchar(500) not null,
        property_value  varchar(100000),
        primary key (catalog_name, namespace, property_key)
      )
      """;

  private EmbeddedSchema() {}

  static void create(Database database) {
    database
        .jdbi()
        .useTransaction(
            handle -> {
              if (database.shared()) {
                // Two processes that start at once: "if not exists" alone can fail on PostgreSQL.
                handle
                    .createQuery("select 1 from pg_advisory_xact_lock(:lock)")
                    .bind("lock", LOCK)
                    .mapTo(Integer.class)
                    .one();
              }
              handle.execute(TABLES);
              handle.execute(NAMESPACE_PROPERTIES);
            });
  }
}
