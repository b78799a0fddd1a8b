package io.twinberg.proxy.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;

/** The bytes of both files as they were at one time. */
record PemText(byte[] certificate, byte[] key) {
  static PemText read(TlsFiles files) {
    try {
      return new PemText(Files.readAllBytes(files.certificate()), Files.readAllBytes(files.key()));
    } catch (IOException e) {
      throw new TlsException(
          "cannot read the TLS files %s and %s: %s".formatted(files.certificate(), files.key(), e),
          e);
    }
  }

  boolean isSame(PemText other) {
    return Arrays.equals(certificate, other.certificate) && Arrays.equals(key, other.key);
  }

  String keyText() {
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return "PemText";
  }
}
