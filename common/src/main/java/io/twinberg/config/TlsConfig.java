package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.Schema;
import java.nio.file.Path;

/** The PEM files with which a listener is encrypted. */
public record TlsConfig(Path certificate, Path key) {
  private static final Key<TlsConfig, Path> CERTIFICATE =
      Key.required("certificate", Types.FILE, TlsConfig::certificate);
  private static final Key<TlsConfig, Path> KEY = Key.required("key", Types.FILE, TlsConfig::key);

  static final Schema<TlsConfig> SCHEMA =
      new Schema<>(
          section -> new TlsConfig(section.get(CERTIFICATE), section.get(KEY)), CERTIFICATE, KEY);
}
