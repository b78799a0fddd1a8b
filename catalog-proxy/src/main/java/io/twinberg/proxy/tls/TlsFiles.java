package io.twinberg.proxy.tls;

import java.nio.file.Path;

/**
 * The PEM files of a listener.
 *
 * @param certificate the certificate, followed by those between it and a root that clients trust
 * @param key its private key in PKCS#8, not encrypted
 */
public record TlsFiles(Path certificate, Path key) {}
