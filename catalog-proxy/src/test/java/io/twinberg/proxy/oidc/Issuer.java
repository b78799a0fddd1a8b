package io.twinberg.proxy.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.twinberg.config.Grant;
import io.twinberg.config.OidcConfig;
import io.twinberg.testing.TokenServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An OpenID Connect issuer on this host that signs JWTs and publishes its keys. */
public final class Issuer implements AutoCloseable {
  /** What its JWTs are for. */
  public static final String AUDIENCE = "twinberg";

  /** Of all issuers of a JVM: to make one takes a while. */
  private static final RSAKey FIRST = newKey("one");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile RSAKey key = FIRST;
  private volatile TokenServer.Answer keys = exchange -> TokenServer.reply(exchange, 200, keySet());
  private volatile Optional<String> document = Optional.empty();

  /** Starts on a free port, with a key. */
  public Issuer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext(
        "/realm/.well-known/openid-configuration",
        exchange -> {
          requests.add("document");
          TokenServer.reply(exchange, 200, document.orElseGet(this::ownDocument));
        });
    server.createContext(
        "/keys",
        exchange -> {
          requests.add("keys");
          keys.play(exchange);
        });
    server.start();
  }

  private String ownDocument() {
    return "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(uri(), at("/keys"));
  }

  static RSAKey newKey(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private String keySet() {
    return new JWKSet((JWK) key.toPublicJWK()).toString();
  }

  String at(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** What {@code iss} says. */
  public String uri() {
    return at("/realm");
  }

  /** A configuration that trusts this issuer, whose group {@code eyes} may look. */
  OidcConfig config(String claim) {
    return config(
        claim,
        Map.of(
            "eyes", List.of(Grant.parse("manage:viewer")),
            "bosses", List.of(Grant.parse("manage:admin"))));
  }

  /** A configuration that trusts this issuer. */
  public OidcConfig config(String claim, Map<String, List<Grant>> grants) {
    return new OidcConfig(
        URI.create(uri()),
        AUDIENCE,
        Optional.empty(),
        claim,
        grants,
        "sub",
        Duration.ofSeconds(60));
  }

  RSAKey key() {
    return key;
  }

  /** Signs with another key from now on, and publishes that one only. */
  void rotate(String id) {
    key = newKey(id);
  }

  /** Answers requests for the keys so from now on. */
  void keys(TokenServer.Answer answer) {
    keys = answer;
  }

  /** Answers them well again. */
  void heal() {
    keys = exchange -> TokenServer.reply(exchange, 200, keySet());
  }

  /** Publishes another document. */
  void document(String json) {
    document = Optional.of(json);
  }

  /** How often the keys were asked for. */
  public long fetches() {
    return requests.stream().filter("keys"::equals).count();
  }

  /** A JWT of these claims, signed by the issuer's key. */
  public String signed(JWTClaimsSet claims) {
    return signed(claims, key);
  }

  static String signed(JWTClaimsSet claims, RSAKey by) {
    try {
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(by.getKeyID()).build(), claims);
      jwt.sign(new RSASSASigner(by));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
