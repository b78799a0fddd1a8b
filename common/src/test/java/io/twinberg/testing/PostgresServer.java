package io.twinberg.testing;

import io.twinberg.database.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** The PostgreSQL server of this JVM, started when first asked for and stopped with the JVM. */
public final class PostgresServer {
  /** Whom it lets in, whatever the password. */
  public static final String USER = "postgres";

  private static final String TEMPLATE = "template_twinberg";
  private static final Duration START = Duration.ofMinutes(3);

  private static @Nullable PostgresServer running;

  private final EmbeddedPostgres server;
  private final AtomicInteger databases = new AtomicInteger();

  private PostgresServer(EmbeddedPostgres server) {
    this.server = server;
  }

  /** The server, which is started where it is not running yet. */
  public static synchronized PostgresServer running() {
    if (running == null) {
      running = start();
    }
    return running;
  }

  private static PostgresServer start() {
    skipWhereRootCannotStepDown();
    try {
      PostgresServer started =
          new PostgresServer(EmbeddedPostgres.builder().setPGStartupWait(START).start());
      started.execute("create database " + TEMPLATE);
      // Migrated once; every test's database is a copy, which is much faster than migrating again.
      Database.postgres(started.url(TEMPLATE), USER, "").close();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not start", e);
    }
  }

  /** PostgreSQL refuses root; as root it runs in a user namespace, which containers may forbid. */
  private static void skipWhereRootCannotStepDown() {
    if ("root".equals(System.getProperty("user.name")) && !LinuxUtils.isUnshareAvailable()) {
      throw new TestAbortedException(
          "PostgreSQL does not run as root, and `unshare -U` is not allowed here: run the tests as"
              + " another user, or allow user namespaces");
    }
  }

  /** Makes a new, empty database with the current schema and returns its URL. */
  public String createDatabase() {
    String name = "test_" + databases.incrementAndGet();
    execute("create database " + name + " template " + TEMPLATE);
    return url(name);
  }

  /** Makes a new database without any schema and returns its URL. */
  public String createBareDatabase() {
    String name = "bare_" + databases.incrementAndGet();
    execute("create database " + name);
    return url(name);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database;
  }

  private void execute(String sql) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL refused: " + sql, e);
    }
  }
}
