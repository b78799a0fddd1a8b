package io.twinberg.testing;

import io.twinberg.database.Database;
import java.nio.file.Path;

/** New databases for tests: H2 in a file, and a real PostgreSQL server of which a JVM has one. */
public final class Databases {
  private Databases() {}

  /** The database in a folder's H2 file, which is new where the folder has none. */
  public static Database h2(Path folder) {
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
}
