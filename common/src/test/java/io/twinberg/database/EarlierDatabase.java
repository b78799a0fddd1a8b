package io.twinberg.database;

import io.twinberg.testing.DatabaseKind;
import io.twinberg.testing.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.Jdbi;

/** A database as another version of Twinberg has left it: its tables are those of that version. */
final class EarlierDatabase {
  private final DatabaseKind kind;
  private final Path folder;
  private final String url;

  EarlierDatabase(DatabaseKind kind, Path folder) {
    this.kind = kind;
    this.folder = folder;
    this.url =
        kind == DatabaseKind.H2
            ? "jdbc:h2:"
                + folder.resolve("twinberg")
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
            : PostgresServer.running().createBareDatabase();
  }

  private String user() {
    return kind == DatabaseKind.H2 ? "sa" : PostgresServer.USER;
  }

  private FluentConfiguration flyway() {
    Dialect dialect = kind == DatabaseKind.H2 ? Dialect.H2 : Dialect.POSTGRES;
    return Flyway.configure().dataSource(url, user(), "").placeholders(dialect.placeholders());
  }

  /** Makes the tables of an earlier version. */
  void migrateTo(String version) {
    flyway().target(version).load().migrate();
  }

  /** Changes the tables as the migrations in a folder say, after all those that there are. */
  void migrateBeyond(Path migrations) {
    flyway().locations("classpath:db/migration", "filesystem:" + migrations).load().migrate();
  }

  /** Runs statements. */
  void execute(String... statements) {
    Jdbi.create(url, user(), "")
        .useHandle(handle -> List.of(statements).forEach(sql -> handle.execute(sql)));
  }

  /** The rows of a query. */
  List<Map<String, Object>> rows(String sql) {
    return Jdbi.create(url, user(), "").withHandle(handle -> handle.select(sql).mapToMap().list());
  }

  /** Opens it as this version does. */
  Database open() {
    return kind == DatabaseKind.H2 ? Database.embedded(folder) : Database.postgres(url, user(), "");
  }
}
