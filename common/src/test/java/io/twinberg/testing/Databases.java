package io.twinberg.testing;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.twinberg.database.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** New databases for tests: H2 in a file, and a real PostgreSQL server of which a JVM has one. */
public final class Databases {
  private static final String FILE = "twinberg.mv.db";

  private Databases() {}

  /** The database in a folder's H2 file, which is new where the folder has none. */
  public static Database h2(Path folder) {
    Path file = folder.resolve(FILE);
    if (Files.notExists(file)) {
      try {
        Files.createDirectories(folder);
        Files.write(file, Migrated.FILE_BYTES);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Database.embedded(folder);
  }

  /** A new, empty database on the PostgreSQL server. */
  public static Database postgres() {
    return postgres(PostgresServer.running().createDatabase());
  }

  /** The database behind a URL of {@link PostgresServer#createDatabase}. */
  public static Database postgres(String url) {
    return Database.postgres(url, PostgresServer.USER, "");
  }

  /** An H2 file migrated once; every test's is a copy, which is faster than migrating again. */
  private static final class Migrated {
    private static final byte[] FILE_BYTES = bytes();

    private static byte[] bytes() {
      try {
        Path folder = Files.createTempDirectory("migrated");
        Database.embedded(folder).close();
        byte[] bytes = Files.readAllBytes(folder.resolve(FILE));
        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        return bytes;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
