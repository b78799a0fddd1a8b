package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.Schema;

/** Where engines reach the catalogs; port 0 means any free one. */
public record ServerConfig(String host, int port) {
  private static final Key<ServerConfig, String> HOST =
      Key.of("host", Types.HOST, "127.0.0.1", ServerConfig::host);
  private static final Key<ServerConfig, Integer> PORT =
      Key.of("port", Types.PORT, "8181", ServerConfig::port);

  static final Schema<ServerConfig> SCHEMA =
      new Schema<>(section -> new ServerConfig(section.get(HOST), section.get(PORT)), HOST, PORT);
}
