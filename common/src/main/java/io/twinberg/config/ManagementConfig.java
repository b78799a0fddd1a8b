package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.Schema;
import java.util.Optional;

/** Where admins, the dashboard and Prometheus reach Twinberg; port 0 means any free one. */
public record ManagementConfig(String host, int port, Optional<TlsConfig> tls) {
  private static final Key<ManagementConfig, String> HOST =
      Key.of("host", Types.HOST, "127.0.0.1", ManagementConfig::host);
  private static final Key<ManagementConfig, Integer> PORT =
      Key.of("port", Types.PORT, "8182", ManagementConfig::port);
  private static final Key<ManagementConfig, TlsConfig> TLS =
      Key.optional("tls", TlsConfig.SCHEMA, "plain HTTP", ManagementConfig::tls);

  static final Schema<ManagementConfig> SCHEMA =
      new Schema<>(
          section -> new ManagementConfig(section.get(HOST), section.get(PORT), section.find(TLS)),
          HOST,
          PORT,
          TLS);
}
