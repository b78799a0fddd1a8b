package io.twinberg.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.http.FixedDirectory.Entry;
import io.twinberg.proxy.testing.TestCertificate;
import io.twinberg.proxy.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listeners with certificates from PEM files, and what becomes of files that change. */
@Timeout(240)
class TlsTest {
  private static final String REQUEST =
      "GET /catalogs/eu/v1/config HTTP/1.1\r\nHost: engine.example\r\n\r\n";

  @TempDir Path folder;

  private TlsFiles files() {
    return new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
  }

  private void write(TestCertificate of) throws IOException {
    Files.writeString(files().certificate(), of.certificatePem());
    Files.writeString(files().key(), of.keyPem());
  }

  private CatalogListener listener(ClientPace pace) {
    return new CatalogListener(
        ListenerSettings.at("127.0.0.1", 0).withTls(Optional.of(files())).withPace(pace),
        new FixedDirectory(
            Map.of(
                "eu",
                new Entry(
                    () ->
                        call ->
                            CatalogAnswer.json(200, call.base().getBytes(StandardCharsets.UTF_8)),
                    Optional.empty())),
            Optional.empty()),
        AccessPolicy.open(),
        List.of());
  }

  private CatalogListener started() {
    CatalogListener listener = listener(ClientPace.DEFAULT);
    listener.start();
    return listener;
  }

  private static SSLSocket connect(int port, TestCertificate trusted, String... protocols)
      throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("it", trusted.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(25_000);
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    socket.startHandshake();
    return socket;
  }

  private static String ask(Socket socket) throws IOException {
    socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("/catalogs/eu")) {
      int value = socket.getInputStream().read();
      assertThat(value).as(answer.toString()).isNotNegative();
      answer.append((char) value);
    }
    return answer.toString();
  }

  private static boolean serves(int port, TestCertificate certificate) throws Exception {
    try (SSLSocket socket = connect(port, certificate)) {
      return served(socket).equals(certificate.certificate());
    } catch (SSLException untrusted) {
      return false;
    }
  }

  private static X509Certificate served(SSLSocket socket) throws SSLException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  @ParameterizedTest
  @CsvSource({"RSA,TLSv1.2", "RSA,TLSv1.3", "EC,TLSv1.2", "EC,TLSv1.3"})
  void listener_withKeysOfEitherKind_answersEncryptedAndSaysSo(String algorithm, String protocol)
      throws Exception {
    TestCertificate certificate = TestCertificate.create(folder, algorithm, "one");
    write(certificate);
    try (CatalogListener listener = started();
        SSLSocket socket = connect(listener.port(), certificate, protocol)) {
      assertThat(ask(socket))
          .startsWith("HTTP/1.1 200")
          .endsWith("https://engine.example/catalogs/eu");
      assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
    }
  }

  @Test
  void oldProtocolsAndPlainHttp_areRefused() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder, "EC", "one");
    write(certificate);
    try (CatalogListener listener = started();
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
      assertThatThrownBy(() -> connect(listener.port(), certificate, "TLSv1.1"))
          .isInstanceOf(IOException.class);
      plain.setSoTimeout(25_000);
      plain.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .doesNotContain("HTTP/1.1 200", "catalogs");
    }
  }

  @Test
  void files_thatChange_areUsedWithoutDroppingConnections() throws Exception {
    TestCertificate old = TestCertificate.create(folder, "RSA", "old");
    TestCertificate fresh = TestCertificate.create(folder, "EC", "fresh");
    write(old);
    try (CatalogListener listener = started();
        SSLSocket kept = connect(listener.port(), old)) {
      ask(kept);

      write(fresh);
      await("the new certificate").until(() -> serves(listener.port(), fresh));

      assertThat(ask(kept)).startsWith("HTTP/1.1 200");
      assertThat(served(kept)).isEqualTo(old.certificate());
      assertThat(serves(listener.port(), old)).isFalse();
    }
  }

  @Test
  void files_thatTurnBad_leaveTheOldCertificateUntilTheyAreGood() throws Exception {
    TestCertificate old = TestCertificate.create(folder, "EC", "old");
    TestCertificate fresh = TestCertificate.create(folder, "EC", "fresh");
    write(old);
    try (CatalogListener listener = started()) {
      Files.writeString(files().key(), fresh.keyPem()); // one of two is written
      stays(listener, old);
      Files.writeString(files().certificate(), "nonsense");
      stays(listener, old);
      Files.delete(files().key());
      stays(listener, old);

      write(fresh);
      await("the new certificate").until(() -> serves(listener.port(), fresh));
    }
  }

  private static void stays(CatalogListener listener, TestCertificate certificate) {
    await("the old certificate")
        .during(Duration.ofMillis(1500))
        .until(() -> serves(listener.port(), certificate));
  }

  @Test
  void handshake_thatNeverBegins_isCutOff() throws Exception {
    write(TestCertificate.create(folder, "EC", "one"));
    try (CatalogListener listener = listener(new ClientPace(Duration.ofMillis(500), 1000))) {
      listener.start();
      try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
        silent.setSoTimeout(25_000);
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void start_badFiles_sayWhichAndWhy() throws Exception {
    TestCertificate one = TestCertificate.create(folder, "EC", "one");
    TestCertificate other = TestCertificate.create(folder, "EC", "other");
    TestCertificate rsa = TestCertificate.create(folder, "RSA", "rsa");
    String sec1 = one.keyPem().replace("PRIVATE KEY", "EC PRIVATE KEY");

    refused(one.certificatePem(), other.keyPem(), "key.pem does not belong to the certificate");
    refused(one.certificatePem(), rsa.keyPem(), "no EC key as its certificate wants");
    refused(one.certificatePem(), sec1, "key.pem holds no private key in PKCS#8");
    refused(one.certificatePem(), one.certificatePem(), "openssl pkcs8 -topk8 -nocrypt");
    refused("", one.keyPem(), "cert.pem holds no certificate in PEM");
    refused(one.certificatePem().substring(0, 200), one.keyPem(), "cert.pem holds a damaged");
    Files.delete(files().certificate());
    assertThatThrownBy(() -> listener(ClientPace.DEFAULT).start())
        .isInstanceOf(ListenerException.class)
        .hasMessageContaining("cannot read the TLS files " + files().certificate());
  }

  private void refused(String certificate, String key, String why) throws IOException {
    Files.writeString(files().certificate(), certificate);
    Files.writeString(files().key(), key);
    assertThatThrownBy(() -> listener(ClientPace.DEFAULT).start())
        .isInstanceOf(ListenerException.class)
        .hasMessageStartingWith("server.tls: ")
        .hasMessageContaining(why)
        .hasMessageNotContaining(key.isEmpty() ? "BEGIN" : key.substring(30, 60));
  }
}
