package io.twinberg.proxy.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a key store in memory of PEM files. */
final class PemKeyStore {
  /** The store never leaves memory; its form wants a password all the same. */
  static final String PASSWORD = "in-memory";

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
  private static final byte[] PROBE = {1, 2, 3};

  private final TlsFiles files;

  private PemKeyStore(TlsFiles files) {
    this.files = files;
  }

  static KeyStore of(TlsFiles files, PemText text) {
    return new PemKeyStore(files).of(text);
  }

  private KeyStore of(PemText text) {
    Certificate[] chain = chain(text.certificate());
    PrivateKey key = key(text.keyText(), chain[0].getPublicKey());
    requireFit(key, chain[0].getPublicKey());
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", key, PASSWORD.toCharArray(), chain);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsException("cannot use the certificate in " + files.certificate(), e);
    }
  }

  private Certificate[] chain(byte[] pem) {
    try {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))
              .toArray(Certificate[]::new);
      if (chain.length > 0) {
        return chain;
      }
    } catch (GeneralSecurityException e) {
      throw new TlsException(files.certificate() + " holds a damaged certificate", e);
    }
    throw new TlsException(files.certificate() + " holds no certificate in PEM");
  }

  private PrivateKey key(String pem, PublicKey partner) {
    Matcher found = KEY.matcher(pem);
    if (!found.find()) {
      throw new TlsException(
          files.key()
              + " holds no private key in PKCS#8 ('BEGIN PRIVATE KEY', not encrypted);"
              + " 'openssl pkcs8 -topk8 -nocrypt' makes one of other forms");
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(found.group(1));
      return KeyFactory.getInstance(partner.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new TlsException(
          "the key in %s is damaged, or no %s key as its certificate wants"
              .formatted(files.key(), partner.getAlgorithm()));
    }
  }

  /** Otherwise every handshake would fail, and the old pair would be gone. */
  private void requireFit(PrivateKey key, PublicKey partner) {
    try {
      Signature signature = Signature.getInstance(signatureOf(partner.getAlgorithm()));
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(partner);
      signature.update(PROBE);
      if (signature.verify(signed)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw new TlsException("cannot use the key in " + files.key(), e);
    }
    throw new TlsException(
        "the key in %s does not belong to the certificate in %s"
            .formatted(files.key(), files.certificate()));
  }

  private static String signatureOf(String algorithm) {
    return switch (algorithm) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> algorithm;
    };
  }
}
