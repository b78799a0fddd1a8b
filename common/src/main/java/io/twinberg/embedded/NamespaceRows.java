package io.twinberg.embedded;

import io.twinberg.database.Database;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The rows of namespaces, where Iceberg's JDBC catalog does less than is needed. */
final class NamespaceRows {
  private static final String UNIQUE_VIOLATION = "23505";

  private final Jdbi jdbi;
  private final String catalog;

  NamespaceRows(Database database, String catalog) {
    this.jdbi = database.jdbi();
    this.catalog = catalog;
  }

  /** Whether a transaction is under way on this thread. */
  boolean inTransaction() {
    return jdbi.withHandle(Handle::isInTransaction);
  }

  /** One transaction around everything that the thread does. */
  <T> T inTransaction(Supplier<T> changes) {
    return jdbi.inTransaction(handle -> changes.get());
  }

  /** Whether a namespace has its row, as each has that was made here. */
  boolean exists(Namespace namespace) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select property_key from iceberg_namespace_properties
                    where catalog_name = :catalog and namespace = :namespace and property_key = 'exists'
                    """)
                .bind("catalog", catalog)
                .bind("namespace", StoredNames.column(namespace))
                .mapTo(String.class)
                .findOne()
                .isPresent());
  }

  /** Waits for others that change the namespace; a namespace that does not exist is no error. */
  void lock(Namespace namespace) {
    jdbi.useHandle(handle -> lock(handle, catalog, namespace));
  }

  /**
   * Keeps a namespace from being dropped, and others from changing it, until the transaction ends.
   *
   * @return false when there is no such namespace
   */
  static boolean lock(Handle handle, String catalog, Namespace namespace) {
    return handle
        .createQuery(
            """
            select property_key from iceberg_namespace_properties
            where catalog_name = :catalog and namespace = :namespace and property_key = 'exists'
            for update
            """)
        .bind("catalog", catalog)
        .bind("namespace", StoredNames.column(namespace))
        .mapTo(String.class)
        .findOne()
        .isPresent();
  }

  /** Makes the missing ancestors; Iceberg would only imply them, and there is no row to lock. */
  void createParents(Namespace namespace) {
    String[] levels = namespace.levels();
    for (int length = 1; length < levels.length; length++) {
      create(Namespace.of(Arrays.copyOf(levels, length)));
    }
  }

  private void create(Namespace namespace) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into iceberg_namespace_properties
                      (catalog_name, namespace, property_key, property_value)
                    values (:catalog, :namespace, 'exists', 'true')
                    on conflict do nothing
                    """)
                .bind("catalog", catalog)
                .bind("namespace", StoredNames.column(namespace))
                .execute());
  }

  /** Iceberg looks first and inserts then: the second of two concurrent creators fails in SQL. */
  void requireUnique(Namespace namespace, Runnable creation) {
    try {
      creation.run();
    } catch (UncheckedSQLException e) {
      if (e.getCause() instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
        throw new AlreadyExistsException(e, "Namespace already exists: %s", namespace);
      }
      throw e;
    }
  }
}
