package io.twinberg.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.postgresql.ds.PGSimpleDataSource;

/** The database of the commit log and the replica catalog, migrated to this version's schema. */
public final class Database implements AutoCloseable {
  private static final int POOL_SIZE = 24;
  private static final long CONNECT_TIMEOUT_MS = 5_000;

  /** How long a transaction may stand still between two statements, as long as a lease lasts. */
  private static final Duration REST = Duration.ofSeconds(15);

  /**
   * H2's plain files, by name, so that a test can stand in for their disk. Not {@code retry:}: that
   * opens a file again for whoever still reads from one that H2 has closed, locks it for good, and
   * lets late writes through.
   */
  private static final String FILE_URL = "jdbc:h2:nio:";

  private final Connections connections;
  private final Jdbi jdbi;
  private final GroupCommit group;
  private final String url;
  private final boolean shared;

  private Database(Connections connections, String url, boolean shared) {
    this.connections = connections;
    this.jdbi = Jdbi.create(connections).registerArgument(new InstantArgument());
    this.group = new GroupCommit(jdbi);
    this.url = url;
    this.shared = shared;
  }

  /**
   * Opens the H2 file {@code twinberg.mv.db} in a folder, which is created where missing.
   *
   * @throws DatabaseException when the folder is not writable, another process has the file open,
   *     or a later version of Twinberg has used it
   */
  public static Database embedded(Path folder) {
    if (Files.isRegularFile(folder)) {
      throw new DatabaseException(
          "data-dir "
              + folder
              + " is not writable: it is a file; remove it or choose another data-dir");
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new DatabaseException("data-dir " + folder + " is not writable: " + e.getMessage(), e);
    }
    if (!Files.isWritable(folder)) {
      throw new DatabaseException("data-dir " + folder + " is not writable");
    }
    // Without WRITE_DELAY=0, H2 acknowledges rows that a kill -9 loses for up to half a second.
    String url =
        FILE_URL
            + folder.toAbsolutePath().resolve("twinberg")
            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
            // H2 keeps eight parsed statements a connection unless told more; we use some sixty.
            + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;QUERY_CACHE_SIZE=128"
            // Bytes of that length stand in their rows; beside them each transaction that writes
            // some would change four maps more, and take half as long again.
            + ";MAX_LENGTH_INPLACE_LOB=65536"
            // H2 would compact the file as it closes it. After a write that failed, on a full disk,
            // that leaves one that cannot be opened any more; what is free is used again anyway.
            + ";MAX_COMPACT_TIME=0";
    Database database = openFile(url);
    database.assertWriteDelayIsZero();
    try {
      database.freeLeases();
    } catch (JdbiException e) {
      database.close();
      throw new DatabaseException(
          "the database file " + file(url) + " cannot be written: " + DatabaseException.reason(e),
          e);
    }
    return database;
  }

  private static Database openFile(String url) {
    FileConnections connections = null;
    try {
      connections = new FileConnections(file(url), poolOf(url, "sa", ""));
      migrate(connections.pool(), Dialect.H2);
      return new Database(connections, url, false);
    } catch (RuntimeException e) {
      if (connections != null) {
        connections.close();
      }
      throw new DatabaseException(explain(url, false, e), e);
    }
  }

  /** The file behind the URL of one. */
  private static String file(String url) {
    return withoutParameters(url).substring(FILE_URL.length()) + ".mv.db";
  }

  /**
   * One process at a time has an H2 file open: whoever held a lease is gone. The tokens stay, so
   * that they go on growing.
   */
  private void freeLeases() {
    jdbi.useHandle(handle -> handle.execute("update lease set owner = null"));
  }

  /**
   * Opens a PostgreSQL database that several processes may share.
   *
   * @throws DatabaseException when it cannot be reached, refuses the login, or a later version of
   *     Twinberg has used it
   */
  public static Database postgres(String url, String user, String password) {
    return postgres(url, user, password, REST);
  }

  /** Opens a PostgreSQL database, with the longest time that a transaction may rest there. */
  static Database postgres(String url, String user, String password, Duration rest) {
    HikariDataSource pool = null;
    try {
      migrate(unlimited(url, user, password), Dialect.POSTGRES);
      pool = new HikariDataSource(limitedPool(url, user, password, rest));
      return new Database(new ServerConnections(pool), url, true);
    } catch (RuntimeException e) {
      if (pool != null) {
        pool.close();
      }
      throw new DatabaseException(explain(url, true, e), e);
    }
  }

  /** Connections for migrations: meanwhile Flyway's lock is a transaction that rests. */
  private static DataSource unlimited(String url, String user, String password) {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(url);
    database.setUser(user);
    database.setPassword(password);
    database.setLoginTimeout((int) TimeUnit.MILLISECONDS.toSeconds(CONNECT_TIMEOUT_MS));
    return database;
  }

  /**
   * A pool whose transactions the server ends when they rest: a process that stands still amid one
   * would otherwise keep its row locks, and all others from going on, for as long as its connection
   * lives.
   */
  private static HikariConfig limitedPool(String url, String user, String password, Duration rest) {
    HikariConfig config = poolOf(url, user, password);
    config.setConnectionInitSql("set idle_in_transaction_session_timeout = " + rest.toMillis());
    return config;
  }

  private static HikariConfig poolOf(String url, String user, String password) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(POOL_SIZE);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECT_TIMEOUT_MS);
    config.setPoolName("twinberg");
    return config;
  }

  private static void migrate(DataSource database, Dialect dialect) {
    new Schema(database, dialect).migrate();
  }

  private static String explain(String url, boolean shared, RuntimeException e) {
    String message = DatabaseException.reason(e);
    if (!shared && (message.contains("already in use") || message.contains("locked"))) {
      return "the database file "
          + file(url)
          + " is in use by another process; stop it or choose another data-dir";
    }
    return "cannot open the database " + withoutParameters(url) + ": " + message;
  }

  /** A URL may carry a password in its parameters; errors and logs show it without them. */
  private static String withoutParameters(String url) {
    return url.split("[?;]", 2)[0];
  }

  void assertWriteDelayIsZero() {
    String delay =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "select setting_value from information_schema.settings where setting_name = 'WRITE_DELAY'")
                    .mapTo(String.class)
                    .one());
    if (!"0".equals(delay)) {
      close();
      throw new DatabaseException(
          "H2 runs with WRITE_DELAY=" + delay + ": acknowledged rows could be lost; it must be 0");
    }
  }

  /** The entry to SQL. */
  public Jdbi jdbi() {
    return jdbi;
  }

  /**
   * Runs statements that a client waits for in a transaction. On H2, which syncs its file for one
   * transaction after the other, it may be one with those of other threads: they may wait for
   * nothing and nobody. PostgreSQL does so itself with transactions that end together.
   */
  public <T> T inGroupedTransaction(Function<Handle, T> statements) {
    return shared ? inPromptTransaction(statements) : group.inTransaction(statements);
  }

  /**
   * Runs statements that a client waits for in a transaction of their own. A PostgreSQL that hangs,
   * or a lock that somebody keeps, must fail like a server that is gone, so each statement has a
   * few seconds; that costs no round trip, and ends with the connection's loan. H2 gives up waiting
   * for locks by itself.
   */
  public <T> T inPromptTransaction(Function<Handle, T> statements) {
    return jdbi.inTransaction(
        handle -> {
          if (shared) {
            limitWaiting(handle);
          }
          return statements.apply(handle);
        });
  }

  private static void limitWaiting(Handle handle) {
    try {
      handle.getConnection().setNetworkTimeout(Runnable::run, (int) CONNECT_TIMEOUT_MS);
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  /** Whether other processes may use this database at the same time. */
  public boolean shared() {
    return shared;
  }

  /** The JDBC URL, with parameters; never log it. */
  public String url() {
    return url;
  }

  /** Forces what was committed so far onto the disk; PostgreSQL has done so at the commit. */
  public void sync() {
    if (!shared) {
      jdbi.useHandle(handle -> handle.execute("checkpoint sync"));
    }
  }

  @Override
  public void close() {
    group.close();
    connections.close();
  }
}
