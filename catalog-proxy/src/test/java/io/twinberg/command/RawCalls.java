package io.twinberg.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Calls of the source that a server serves, each sent once, whose answers a test sees as they are.
 */
final class RawCalls {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Longer than anything that a test lets a client wait for. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private RawCalls() {}

  /**
   * Sends a call to the server of a port.
   *
   * @param path what comes after the prefix
   */
  static HttpResponse<String> send(
      int port, String method, String path, String body, String requestId) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + "/catalogs/prod/v1/prod" + path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("X-Request-ID", requestId)
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
