package io.twinberg.source;

import io.twinberg.http.BoundedBody;
import io.twinberg.identity.Identity;
import io.twinberg.identity.IdentityException;
import io.twinberg.identity.OutgoingCall;
import io.twinberg.identity.Proof;
import io.twinberg.source.LoadResult.Unavailable;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * GETs of a source with Twinberg's own identity: one deadline over an exchange, a bounded body, no
 * redirects. A read that the source refuses for its proof is sent once more with a new one.
 */
final class SourceHttp {
  private final HttpClient client;
  private final Identity identity;
  private final Duration timeout;
  private final int maxBodyBytes;

  SourceHttp(RestSourceSettings settings) {
    this.identity = settings.identity();
    this.timeout = settings.requestTimeout();
    this.maxBodyBytes = settings.maxBodyBytes();
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  /** The answer, whatever its status. */
  HttpResponse<byte[]> get(URI uri, Map<String, String> headers) throws ReadFailedException {
    Proof proof = proof(uri);
    HttpResponse<byte[]> answer = send(uri, headers, proof);
    // 419 is how the specification says that a token has expired.
    boolean unknown = answer.statusCode() == 401 || answer.statusCode() == 419;
    return unknown && identity.rejected(proof) ? send(uri, headers, proof(uri)) : answer;
  }

  private Proof proof(URI uri) throws ReadFailedException {
    try {
      return identity.prove(OutgoingCall.withoutBody("GET", uri, Map.of()));
    } catch (IdentityException e) {
      throw failed(uri, String.valueOf(e.getMessage()), e);
    }
  }

  private HttpResponse<byte[]> send(URI uri, Map<String, String> headers, Proof proof)
      throws ReadFailedException {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request(uri, headers, proof), info -> new BoundedBody(maxBodyBytes));
    try {
      // The request's own timeout ends with the headers: a body may trickle in for ever.
      return exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      exchange.cancel(true);
      throw failed(uri, "no complete answer within " + timeout, e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw failed(uri, reason(cause), cause);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      Thread.currentThread().interrupt();
      throw failed(uri, "interrupted", e);
    }
  }

  private HttpRequest request(URI uri, Map<String, String> headers, Proof proof) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(timeout).header("Accept", "application/json").GET();
    proof.headers().forEach(request::setHeader);
    headers.forEach(request::setHeader);
    return request.build();
  }

  /** The JDK's client says nothing at all when nobody listens. */
  private static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? "no connection (" + cause.getClass().getSimpleName() + ")" : message;
  }

  private static ReadFailedException failed(URI uri, String detail, Throwable cause) {
    return new ReadFailedException(Unavailable.because("GET " + uri + ": " + detail, cause));
  }
}
