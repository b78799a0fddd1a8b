package io.twinberg.identity;

import io.twinberg.http.BoundedBody;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * A token server, asked for tokens by client credentials (RFC 6749, 4.4). One deadline over the
 * whole exchange, a bounded answer, no redirects: a secret goes only where the configuration says.
 */
final class TokenEndpoint {
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_ANSWER_BYTES = 256 * 1024;

  private final URI uri;
  private final String form;
  private final Clock clock;
  private final Duration timeout;
  private final HttpClient client;

  TokenEndpoint(URI uri, ClientCredential credential, String scope, Clock clock, Duration timeout) {
    this.uri = uri;
    this.form = form(credential, scope);
    this.clock = clock;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  private static String form(ClientCredential credential, String scope) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("grant_type", "client_credentials");
    credential.id().ifPresent(id -> fields.put("client_id", id));
    fields.put("client_secret", credential.secret());
    fields.put("scope", scope);
    return fields.entrySet().stream()
        .map(field -> field.getKey() + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** A new token, or an {@link IdentityException}; always one of both within the time-out. */
  CompletableFuture<AccessToken> fetch() {
    Instant asked = clock.instant();
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request(), info -> new BoundedBody(MAX_ANSWER_BYTES));
    return exchange
        .copy()
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((answer, failure) -> exchange.cancel(true))
        .handle((answer, failure) -> token(answer, failure, asked));
  }

  private HttpRequest request() {
    return HttpRequest.newBuilder(uri)
        .timeout(timeout)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .POST(BodyPublishers.ofString(form))
        .build();
  }

  private AccessToken token(HttpResponse<byte[]> answer, Throwable failure, Instant asked) {
    if (failure != null) {
      throw new IdentityException(
          "No token from " + uri + ": " + reason(failure), unwrapped(failure));
    }
    try {
      return TokenAnswer.token(answer.statusCode(), answer.body(), asked);
    } catch (IllegalArgumentException e) {
      throw new IdentityException("No token from " + uri + ": " + e.getMessage());
    }
  }

  private String reason(Throwable failure) {
    Throwable cause = unwrapped(failure);
    if (cause instanceof TimeoutException || cause instanceof java.net.http.HttpTimeoutException) {
      return "no complete answer within " + timeout;
    }
    String message = cause.getMessage();
    return message == null ? "no connection (" + cause.getClass().getSimpleName() + ")" : message;
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  @Override
  public String toString() {
    return "TokenEndpoint[" + uri + "]";
  }
}
