package io.twinberg.command;

import io.twinberg.config.TlsConfig;
import io.twinberg.proxy.tls.TlsFiles;

/** The certificate of a listener, from the configuration. */
final class Tls {
  private Tls() {}

  static TlsFiles files(TlsConfig tls) {
    return new TlsFiles(tls.certificate(), tls.key());
  }
}
