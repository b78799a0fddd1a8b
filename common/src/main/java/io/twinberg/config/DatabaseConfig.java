package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.Schema;
import java.util.Optional;

/** A database of one's own choice in the place of the H2 file in the data folder. */
public record DatabaseConfig(String url, Optional<String> user, Optional<Secret> password) {
  private static final Key<DatabaseConfig, String> URL =
      Key.required("url", Types.JDBC_URL, DatabaseConfig::url);
  private static final Key<DatabaseConfig, String> USER =
      Key.optional("user", Types.TEXT, "none", DatabaseConfig::user);
  private static final Key<DatabaseConfig, Secret> PASSWORD =
      Key.optional("password", Types.SECRET, "none", DatabaseConfig::password);

  static final Schema<DatabaseConfig> SCHEMA =
      new Schema<>(
          section ->
              new DatabaseConfig(section.get(URL), section.find(USER), section.find(PASSWORD)),
          URL,
          USER,
          PASSWORD);
}
