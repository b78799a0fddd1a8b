package io.twinberg.proxy.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import io.twinberg.config.OidcConfig;
import io.twinberg.http.BoundedBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer, fetched anew at each call. One deadline over each whole exchange, bounded
 * answers, no redirects: keys come from where the configuration or the issuer's own document says.
 */
final class IssuerKeys implements JWKSetSource<SecurityContext> {
  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final int MAX_BYTES = 256 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OidcConfig config;
  private final Duration timeout;
  private final HttpClient client;

  IssuerKeys(OidcConfig config, Duration timeout) {
    this.config = config;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  @Override
  public JWKSet getJWKSet(
      JWKSetCacheRefreshEvaluator evaluator, long now, @Nullable SecurityContext context)
      throws JWKSetUnavailableException {
    try {
      return JWKSet.parse(new String(fetch(keysUri()), StandardCharsets.UTF_8));
    } catch (IOException | ParseException e) {
      LOG.warn("no keys of the OIDC issuer {}: {}", config.issuer(), e.getMessage());
      throw new JWKSetUnavailableException("no keys of the issuer", e);
    }
  }

  private URI keysUri() throws IOException {
    return config.jwksUri().isPresent() ? config.jwksUri().get() : discovered();
  }

  /** A document that speaks for another issuer, or of keys that anybody may replace, is none. */
  private URI discovered() throws IOException {
    String issuer = config.issuer().toString();
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    JsonNode document = JSON.readTree(fetch(URI.create(base + DISCOVERY)));
    if (!document.path("issuer").asText().equals(issuer)) {
      throw new IOException("its discovery document names another issuer");
    }
    try {
      URI keys = URI.create(document.path("jwks_uri").asText());
      if (OidcConfig.isSafe(keys)) {
        return keys;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("its discovery document has no jwks_uri", e);
    }
    throw new IOException("its discovery document has no jwks_uri with https");
  }

  private byte[] fetch(URI uri) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(uri).timeout(timeout).header("Accept", "application/json").build();
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request, info -> new BoundedBody(MAX_BYTES));
    try {
      HttpResponse<byte[]> answer = exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (answer.statusCode() != 200) {
        throw new IOException(uri + " answered " + answer.statusCode());
      }
      return answer.body();
    } catch (ExecutionException e) {
      throw new IOException(uri + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IOException(uri + " gave no complete answer within " + timeout, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      exchange.cancel(true);
    }
  }

  @Override
  public void close() {
    // The client ends with its last reference.
  }
}
