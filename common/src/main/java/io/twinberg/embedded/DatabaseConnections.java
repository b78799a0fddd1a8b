package io.twinberg.embedded;

import io.twinberg.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.apache.iceberg.ClientPool;
import org.apache.iceberg.jdbc.JdbcClientPool;
import org.jdbi.v3.core.Jdbi;

/**
 * Lends the database's own connections to Iceberg's JDBC catalog, and joins the transaction that is
 * under way on the thread.
 *
 * <p>Iceberg's own pool sends a statement again when the connection broke. A compare-and-set whose
 * first sending took effect then reports a conflict, and the client deletes files of a commit that
 * happened. Here nothing is sent twice.
 */
final class DatabaseConnections extends JdbcClientPool {
  private final Jdbi jdbi;

  DatabaseConnections(Database database) {
    super("twinberg", Map.of());
    this.jdbi = database.jdbi();
  }

  @Override
  public <R> R run(ClientPool.Action<R, Connection, SQLException> action) throws SQLException {
    return jdbi.withHandle(handle -> action.run(handle.getConnection()));
  }

  @Override
  public <R> R run(ClientPool.Action<R, Connection, SQLException> action, boolean retry)
      throws SQLException {
    return run(action);
  }
}
