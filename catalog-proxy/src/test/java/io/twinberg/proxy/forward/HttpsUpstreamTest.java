package io.twinberg.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.twinberg.proxy.testing.TestCertificate;
import io.twinberg.proxy.testing.TestProxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upstream behind TLS is called only when it is the one that this JVM trusts. */
class HttpsUpstreamTest {
  private static final String TABLE = "/v1/prod/namespaces/a/tables/t";
  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir Path folder;
  private final SSLContext usual = defaultContext();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private TestCertificate certificate;
  private HttpsServer server;

  private static SSLContext defaultContext() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void startUpstream() throws Exception {
    certificate = TestCertificate.create(folder, "EC", "upstream");
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(keys(), null)));
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stopUpstream() {
    server.stop(0);
    SSLContext.setDefault(usual);
  }

  private KeyManagerFactory keys() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("upstream.p12"))) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    return keys;
  }

  private void trustUpstream() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("upstream", certificate.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext.setDefault(context(null, trust.getTrustManagers()));
  }

  private static SSLContext context(KeyManagerFactory keys, TrustManager[] trusted)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys == null ? null : keys.getKeyManagers(), trusted, null);
    return context;
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    if (!exchange.getRequestURI().getPath().endsWith("/config")) {
      seen.add(exchange.getRequestMethod());
    }
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private URI at(String host) {
    return URI.create("https://" + host + ":" + server.getAddress().getPort());
  }

  @Test
  void calls_upstreamIsTrusted_passAlsoAfterARest() throws Exception {
    trustUpstream();
    try (TestProxy proxy = new TestProxy(folder, at("127.0.0.1"))) {
      assertThat(proxy.send("GET", TABLE, "").body()).isEqualTo("{}");
      Awaitility.await()
          .pollDelay(UpstreamClient.TRUSTED.toDuration().multipliedBy(2))
          .until(() -> true);

      assertThat(proxy.send("POST", TABLE, "{}").statusCode()).isEqualTo(200);
      assertThat(seen).containsExactly("GET", "POST");
    }
  }

  @Test
  void commit_upstreamIsNotTrusted_isNotSent() throws Exception {
    try (TestProxy proxy = new TestProxy(folder, at("127.0.0.1"))) {
      assertRefused(proxy.send("POST", TABLE, "{}"));
    }
  }

  @Test
  void commit_certificateIsForAnotherHost_isNotSent() throws Exception {
    trustUpstream();
    try (TestProxy proxy = new TestProxy(folder, at("localhost"))) {
      assertRefused(proxy.send("POST", TABLE, "{}"));
    }
  }

  private void assertRefused(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("source prod cannot be reached: ");
    assertThat(seen).isEmpty();
  }
}
