package io.twinberg.proxy.forward;

import io.twinberg.proxy.catalog.CallTime;
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
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.io.CloseMode;

/**
 * The connection to one upstream. Sends each call once, but for what {@link ReadsOnceMore} says;
 * follows no redirect; path and query go out byte for byte.
 */
final class UpstreamTransport implements Sender, AutoCloseable {
  private final String source;
  private final Duration callTimeout;
  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor timers;

  UpstreamTransport(String source, Duration connectTimeout, Duration callTimeout) {
    this.source = source;
    this.callTimeout = callTimeout;
    this.client = UpstreamClient.create(connectTimeout, callTimeout);
    this.timers = timers(source);
  }

  private static ScheduledThreadPoolExecutor timers(String source) {
    ScheduledThreadPoolExecutor timers =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "call-timeouts-" + source);
              thread.setDaemon(true);
              return thread;
            });
    timers.setRemoveOnCancelPolicy(true);
    return timers;
  }

  @Override
  public CatalogAnswer send(String method, URI uri, List<Header> headers, InputStream body) {
    HttpUriRequestBase request = request(method, uri, headers, body);
    CallDeadline deadline = new CallDeadline(callTimeout, request::cancel, timers);
    boolean answered = false;
    try {
      CatalogAnswer answer = answer(uninterrupted(request), deadline);
      answered = true;
      return answer;
    } catch (IOException e) {
      throw explained(e, deadline);
    } finally {
      if (!answered) {
        deadline.giveUp();
      }
    }
  }

  /**
   * Waits without listening to interrupts: a forward that has begun is finished, and an interrupt
   * would close the embedded database's file under the outcome that is written next.
   */
  private ClassicHttpResponse uninterrupted(HttpUriRequestBase request) throws IOException {
    boolean interrupted = Thread.interrupted();
    CallTime time = CallTime.current();
    time.beginForward();
    try {
      return client.executeOpen(null, request, null);
    } finally {
      time.endWait();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private CatalogAnswer answer(ClassicHttpResponse response, CallDeadline deadline)
      throws IOException {
    refuseTwoLengths(response);
    return new CatalogAnswer(
        response.getCode(), EndToEnd.of(headers(response)), body(response.getEntity(), deadline));
  }

  private static InputStream body(HttpEntity entity, CallDeadline deadline) throws IOException {
    if (entity == null) {
      deadline.met();
      return InputStream.nullInputStream();
    }
    return new AnswerBody(entity.getContent(), deadline);
  }

  /** Chunks would count; but whoever stands between may have read the length. */
  private void refuseTwoLengths(ClassicHttpResponse response) {
    if (response.containsHeader("transfer-encoding") && response.containsHeader("content-length")) {
      throw brokeOff(new IOException("a length and chunks in one answer"));
    }
  }

  private static HttpUriRequestBase request(
      String method, URI uri, List<Header> headers, InputStream body) {
    try {
      HttpUriRequestBase request = new HttpUriRequestBase(method, uri);
      headers.stream()
          .filter(header -> !header.name().equalsIgnoreCase("content-length"))
          .forEach(header -> request.addHeader(header.name(), header.value()));
      UploadBody.of(headers, body).ifPresent(request::setEntity);
      return request;
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

  private UpstreamException explained(IOException failure, CallDeadline deadline) {
    if (neverSent(failure)) {
      return failed(Kind.NOT_SENT, "cannot be reached: " + reason(failure), failure);
    }
    if (deadline.expired() || failure instanceof SocketTimeoutException) {
      return failed(Kind.TIMEOUT, "did not answer within " + callTimeout, failure);
    }
    return failed(Kind.BROKEN, "broke the connection: " + reason(failure), failure);
  }

  private static boolean neverSent(IOException failure) {
    return failure instanceof ConnectException
        || failure instanceof ConnectTimeoutException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnknownHostException
        || failure instanceof SSLHandshakeException;
  }

  private static String reason(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  /** An answer's body that broke off while it was read here. */
  UpstreamException brokeOff(IOException failure) {
    return failure instanceof SocketTimeoutException
        ? failed(Kind.TIMEOUT, "did not end its answer within " + callTimeout, failure)
        : failed(Kind.BROKEN, "broke off its answer: " + reason(failure), failure);
  }

  private UpstreamException failed(Kind kind, String what, Throwable cause) {
    return new UpstreamException(kind, "source " + source + " " + what, cause);
  }

  private static List<Header> headers(ClassicHttpResponse response) {
    return Arrays.stream(response.getHeaders())
        .map(header -> new Header(header.getName(), String.valueOf(header.getValue())))
        .toList();
  }

  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
    timers.shutdownNow();
  }
}
