package io.twinberg.command;

import io.twinberg.config.Secret;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.database.Database;

/** Opens the database that a configuration names. */
final class Databases {
  private Databases() {}

  static Database open(TwinbergConfig config) {
    return config
        .database()
        .map(
            database ->
                Database.postgres(
                    database.url(),
                    database.user().orElse(""),
                    database.password().map(Secret::reveal).orElse("")))
        .orElseGet(() -> Database.embedded(config.dataDir()));
  }
}
