package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.Schema;
import java.util.Optional;

/** Where engines reach the catalogs; port 0 means any free one. */
public record ServerConfig(String host, int port, Optional<TlsConfig> tls) {
  private static final Key<ServerConfig, String> HOST =
      Key.of("host", Types.HOST, "127.0.0.1", ServerConfig::host);
  private static final Key<ServerConfig, Integer> PORT =
      Key.of("port", Types.PORT, "8181", ServerConfig::port);
  private static final Key<ServerConfig, TlsConfig> TLS =
      Key.optional("tls", TlsConfig.SCHEMA, "plain HTTP", ServerConfig::tls);

  static final Schema<ServerConfig> SCHEMA =
      new Schema<>(
          section -> new ServerConfig(section.get(HOST), section.get(PORT), section.find(TLS)),
          HOST,
          PORT,
          TLS);
}
