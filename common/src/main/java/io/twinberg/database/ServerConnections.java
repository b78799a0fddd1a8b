package io.twinberg.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;

/** The connections to a database server; a pool finds out by itself when it is back. */
final class ServerConnections implements Connections {
  private final HikariDataSource pool;

  ServerConnections(HikariDataSource pool) {
    this.pool = pool;
  }

  @Override
  public Connection openConnection() throws SQLException {
    return pool.getConnection();
  }

  @Override
  public void close() {
    pool.close();
  }
}
