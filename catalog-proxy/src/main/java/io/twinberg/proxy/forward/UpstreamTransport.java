package io.twinberg.proxy.forward;

import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.EndToEnd;
import io.twinberg.proxy.catalog.Header;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.catalog.UpstreamException;
import io.twinberg.proxy.catalog.UpstreamException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import javax.net.ssl.SSLHandshakeException;

/**
 * The connection to one upstream. Sends each call once: it follows no redirect, and the JDK's
 * client repeats only reads (GET, HEAD) on a stale connection as long as the system property {@code
 * jdk.httpclient.enableAllMethodRetry} is not set, which is checked. Path and query go out byte for
 * byte, but that client leaves out the bare {@code ?} of an empty query.
 */
final class UpstreamTransport implements Sender, AutoCloseable {
  private final String source;
  private final Duration callTimeout;
  private final HttpClient client;
  private final ScheduledThreadPoolExecutor timer;

  UpstreamTransport(String source, Duration connectTimeout, Duration callTimeout) {
    if (System.getProperty("jdk.httpclient.enableAllMethodRetry") != null) {
      throw new IllegalStateException(
          "jdk.httpclient.enableAllMethodRetry is set: commits could be sent twice; unset it");
    }
    this.source = source;
    this.callTimeout = callTimeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .build();
    this.timer = timer(source);
  }

  private static ScheduledThreadPoolExecutor timer(String source) {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "call-timeouts-" + source);
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  @Override
  public CatalogAnswer send(String method, URI uri, List<Header> headers, InputStream body) {
    long start = System.nanoTime();
    HttpResponse<InputStream> response = exchange(request(method, uri, headers, body));
    Duration left = callTimeout.minusNanos(System.nanoTime() - start);
    refuseTwoLengths(response);
    return new CatalogAnswer(
        response.statusCode(),
        EndToEnd.of(headers(response)),
        new DeadlineBody(response.body(), left, timer));
  }

  /** Of such an answer, chunks count; but this client reads the length, and so would ours. */
  private void refuseTwoLengths(HttpResponse<InputStream> response) {
    if (response.headers().firstValue("transfer-encoding").isPresent()
        && response.headers().firstValue("content-length").isPresent()) {
      closeQuietly(response.body());
      throw brokeOff(new IOException("a length and chunks in one answer"));
    }
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException ignored) {
      // Nobody wants it.
    }
  }

  private HttpRequest request(String method, URI uri, List<Header> headers, InputStream body) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri)
              .timeout(callTimeout)
              .method(method, UploadBody.of(headers, body));
      headers.stream()
          .filter(header -> !header.name().equalsIgnoreCase("content-length"))
          .forEach(header -> request.header(header.name(), header.value()));
      return request.build();
    } catch (IOException | IllegalArgumentException e) {
      throw new RefusedException(
          Reason.BAD_REQUEST, "The request cannot be passed on: " + e.getMessage());
    }
  }

  /** The raw path and query stay as they are; what no URI may contain cannot be sent. */
  static URI parse(String uri) {
    try {
      URI parsed = new URI(uri);
      if (!parsed.toASCIIString().equals(uri)) {
        throw new URISyntaxException(uri, "it has characters that are not ASCII");
      }
      return parsed;
    } catch (URISyntaxException e) {
      throw new RefusedException(
          Reason.BAD_REQUEST, "The path or the query is not encoded: " + e.getReason());
    }
  }

  /**
   * Waits without listening to interrupts: a forward that has begun is finished, and an interrupt
   * would close the embedded database's file under the outcome that is written next.
   */
  private HttpResponse<InputStream> exchange(HttpRequest request) {
    try {
      return client.sendAsync(request, BodyHandlers.ofInputStream()).join();
    } catch (CompletionException e) {
      throw explained(e.getCause() == null ? e : e.getCause());
    }
  }

  private RuntimeException explained(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RefusedException refused) {
        return refused;
      }
    }
    if (neverSent(failure)) {
      return failed(Kind.NOT_SENT, "cannot be reached: " + reason(failure), failure);
    }
    if (failure instanceof HttpTimeoutException) {
      return failed(Kind.TIMEOUT, "did not answer within " + callTimeout, failure);
    }
    return failed(Kind.BROKEN, "broke the connection: " + reason(failure), failure);
  }

  private static boolean neverSent(Throwable failure) {
    return failure instanceof ConnectException
        || failure instanceof HttpConnectTimeoutException
        || failure instanceof UnresolvedAddressException
        || failure instanceof SSLHandshakeException;
  }

  private static String reason(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  /** An answer's body that broke off while it was read here. */
  UpstreamException brokeOff(IOException failure) {
    return failure instanceof HttpTimeoutException
        ? failed(Kind.TIMEOUT, "did not end its answer within " + callTimeout, failure)
        : failed(Kind.BROKEN, "broke off its answer: " + reason(failure), failure);
  }

  private UpstreamException failed(Kind kind, String what, Throwable cause) {
    return new UpstreamException(kind, "source " + source + " " + what, cause);
  }

  private static List<Header> headers(HttpResponse<InputStream> response) {
    return response.headers().map().entrySet().stream()
        .filter(entry -> !entry.getKey().startsWith(":"))
        .flatMap(entry -> entry.getValue().stream().map(v -> new Header(entry.getKey(), v)))
        .toList();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
