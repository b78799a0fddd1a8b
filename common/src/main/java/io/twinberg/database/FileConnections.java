package io.twinberg.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to an H2 file. A file that could not be written, as on a full disk, is closed by
 * H2 for good: nothing can be read any more either. Then nobody gets a connection until all are
 * back, since each statement on one of the closed file makes H2 forget the one that is open; after
 * that the file is opened again.
 */
final class FileConnections implements Connections {
  private static final Logger LOG = LoggerFactory.getLogger(FileConnections.class);

  /** On a disk that stays full, each write closes the file again. */
  private static final Duration BETWEEN_OPENINGS = Duration.ofSeconds(1);

  /** The log may lie on the same disk. */
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

  private final String file;
  private final HikariConfig config;
  private HikariDataSource pool;
  private int lent;
  private @Nullable SQLException broken;
  private long openedAt = System.nanoTime();
  private long warnedAt = openedAt - BETWEEN_WARNINGS.toNanos();
  private boolean closed;

  /** Opens the file. */
  FileConnections(String file, HikariConfig config) {
    this.file = file;
    this.config = config;
    config.setExceptionOverride(
        new SQLExceptionOverride() {
          @java.lang.Override
          public Override adjudicate(SQLException e) {
            thrown(e);
            return Override.CONTINUE_EVICT;
          }
        });
    this.pool = new HikariDataSource(config);
  }

  /** The pool of the file that was opened first, for what comes before anything else. */
  synchronized HikariDataSource pool() {
    return pool;
  }

  @Override
  public Connection openConnection() throws SQLException {
    HikariDataSource open = lend();
    try {
      return open.getConnection();
    } catch (SQLException | RuntimeException e) {
      giveBack();
      throw e;
    }
  }

  @Override
  public void closeConnection(Connection connection) throws SQLException {
    try {
      connection.close();
    } finally {
      giveBack();
    }
  }

  private synchronized HikariDataSource lend() throws SQLException {
    if (broken != null && !closed) {
      reopen(broken);
    }
    lent++;
    return pool;
  }

  private synchronized void giveBack() {
    lent--;
  }

  private synchronized void thrown(SQLException e) {
    if (broken != null || !closesFile(e)) {
      return;
    }
    broken = e;
    if (System.nanoTime() - warnedAt > BETWEEN_WARNINGS.toNanos()) {
      warnedAt = System.nanoTime();
      LOG.error(
          "the database file {} cannot be written or read: {}; it is opened again and again until it can. If its disk is full, make room",
          file,
          DatabaseException.reason(e));
    }
  }

  private static boolean closesFile(SQLException e) {
    return e.getErrorCode() == ErrorCode.DATABASE_IS_CLOSED
        || DatabaseException.root(e) instanceof IOException;
  }

  private void reopen(SQLException cause) throws SQLException {
    boolean early = System.nanoTime() - openedAt < BETWEEN_OPENINGS.toNanos();
    if (lent > 0 || early) {
      throw new SQLException(
          "the database file "
              + file
              + " is closed for a moment: "
              + DatabaseException.reason(cause),
          cause);
    }
    openedAt = System.nanoTime();
    pool.close();
    try {
      pool = new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new SQLException(
          "the database file " + file + " cannot be opened again: " + DatabaseException.reason(e),
          e);
    }
    broken = null;
    LOG.info("the database file {} is open again", file);
  }

  @Override
  public synchronized void close() {
    closed = true;
    pool.close();
  }
}
