package io.twinberg.testing;

import io.twinberg.database.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * One database of each kind for all tests of this JVM, emptied for each of them: much faster than a
 * new one.
 */
final class EmptyDatabases {
  private static final Map<DatabaseKind, Database> OPEN = new EnumMap<>(DatabaseKind.class);

  private EmptyDatabases() {}

  /** The database of a kind, without a row. */
  static synchronized Database empty(DatabaseKind kind) {
    Database database = OPEN.computeIfAbsent(kind, EmptyDatabases::open);
    database
        .jdbi()
        .useHandle(
            handle -> {
              switchForeignKeys(handle, kind, false);
              tables(handle).forEach(table -> handle.execute("delete from " + table));
              switchForeignKeys(handle, kind, true);
            });
    return database;
  }

  private static Database open(DatabaseKind kind) {
    Path folder = temporaryFolder();
    Database database = kind.open(folder);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(database, folder)));
    return database;
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("twinberg-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(Database database, Path folder) {
    database.close();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> file.toFile().delete());
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void switchForeignKeys(Handle handle, DatabaseKind kind, boolean on) {
    handle.execute(
        kind == DatabaseKind.H2
            ? "set referential_integrity " + on
            : "set session_replication_role = " + (on ? "origin" : "replica"));
  }

  private static List<String> tables(Handle handle) {
    return handle
        .createQuery(
            """
            select table_name from information_schema.tables
            where table_schema = 'public' and table_name <> 'flyway_schema_history'
            """)
        .mapTo(String.class)
        .list();
  }
}
