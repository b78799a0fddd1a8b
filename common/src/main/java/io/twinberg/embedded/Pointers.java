package io.twinberg.embedded;

import io.twinberg.database.Database;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** The rows that say which metadata file is current, in the table of Iceberg's JDBC catalog. */
final class Pointers {
  /** Deadlock, serialization failure, lock time-outs of H2 and PostgreSQL: nothing was changed. */
  private static final Set<String> LOST_LOCKS = Set.of("40001", "40P01", "HYT00", "55P03");

  private static final String UNIQUE_VIOLATION = "23505";

  private final Database database;
  private final String catalog;

  Pointers(Database database, String catalog) {
    this.database = database;
    this.catalog = catalog;
  }

  Optional<String> location(EntryKind kind, TableIdentifier identifier) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        select metadata_location from iceberg_tables
                        where catalog_name = :catalog and table_namespace = :namespace
                          and table_name = :name and iceberg_type = :kind
                        """)
                    .bind("catalog", catalog)
                    .bind("namespace", StoredNames.column(identifier.namespace()))
                    .bind("name", identifier.name())
                    .bind("kind", kind.name())
                    .mapTo(String.class)
                    .findOne());
  }

  /**
   * Makes all changes or none, on disk before it returns.
   *
   * @throws CommitFailedException when a pointer has moved; nothing was changed
   * @throws AlreadyExistsException when an entry to create exists; nothing was changed
   * @throws CommitStateUnknownException when the changes were sent and their fate is open
   */
  void apply(List<PointerChange> changes) {
    // One order for all: two transactions over the same tables must not wait for each other.
    List<PointerChange> ordered =
        changes.stream()
            .sorted(Comparator.comparing(change -> change.identifier().toString()))
            .toList();
    try {
      database.jdbi().useTransaction(handle -> ordered.forEach(one -> apply(handle, one)));
    } catch (CommitFailedException | AlreadyExistsException | NoSuchNamespaceException e) {
      throw e;
    } catch (UnableToExecuteStatementException e) {
      throw notCommitted(ordered, e);
    } catch (RuntimeException e) {
      // The commit itself broke: the database may hold the changes.
      throw new CommitStateUnknownException(e);
    }
    sync();
  }

  /** Apart from the transaction: a statement that fails here comes after the changes. */
  private void sync() {
    try {
      database.sync();
    } catch (RuntimeException e) {
      throw new CommitStateUnknownException(e);
    }
  }

  private void apply(Handle handle, PointerChange change) {
    if (change.before().isEmpty()) {
      insert(handle, change);
    } else if (update(handle, change, change.before().get()) != 1) {
      throw new CommitFailedException(
          "Cannot commit %s: it is no longer at %s", change.identifier(), change.before().get());
    }
  }

  private void insert(Handle handle, PointerChange change) {
    if (!NamespaceRows.lock(handle, catalog, change.identifier().namespace())) {
      throw new NoSuchNamespaceException(
          "Namespace does not exist: %s", change.identifier().namespace());
    }
    handle
        .createUpdate(
            """
            insert into iceberg_tables
              (catalog_name, table_namespace, table_name, metadata_location, iceberg_type)
            values (:catalog, :namespace, :name, :after, :kind)
            """)
        .bind("catalog", catalog)
        .bind("namespace", StoredNames.column(change.identifier().namespace()))
        .bind("name", change.identifier().name())
        .bind("after", change.after())
        .bind("kind", change.kind().name())
        .execute();
  }

  private int update(Handle handle, PointerChange change, String before) {
    return handle
        .createUpdate(
            """
            update iceberg_tables set
              previous_metadata_location =
                case when :before = :after then previous_metadata_location else :before end,
              metadata_location = :after
            where catalog_name = :catalog and table_namespace = :namespace and table_name = :name
              and iceberg_type = :kind and metadata_location = :before
            """)
        .bind("before", before)
        .bind("after", change.after())
        .bind("catalog", catalog)
        .bind("namespace", StoredNames.column(change.identifier().namespace()))
        .bind("name", change.identifier().name())
        .bind("kind", change.kind().name())
        .execute();
  }

  private static RuntimeException notCommitted(
      List<PointerChange> changes, UnableToExecuteStatementException e) {
    String state = sqlState(e);
    List<TableIdentifier> names = changes.stream().map(PointerChange::identifier).toList();
    if (UNIQUE_VIOLATION.equals(state)) {
      return new AlreadyExistsException(e, "A table or view already exists, one of: %s", names);
    }
    if (LOST_LOCKS.contains(state)) {
      return new CommitFailedException(e, "Concurrent commits were in the way of %s", names);
    }
    return e;
  }

  private static String sqlState(UnableToExecuteStatementException e) {
    return e.getCause() instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
  }

  /** Removes an entry, on disk before it returns; false when there was none. */
  boolean remove(EntryKind kind, TableIdentifier identifier) {
    int removed =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createUpdate(
                            """
                            delete from iceberg_tables
                            where catalog_name = :catalog and table_namespace = :namespace
                              and table_name = :name and iceberg_type = :kind
                            """)
                        .bind("catalog", catalog)
                        .bind("namespace", StoredNames.column(identifier.namespace()))
                        .bind("name", identifier.name())
                        .bind("kind", kind.name())
                        .execute());
    database.sync();
    return removed > 0;
  }
}
