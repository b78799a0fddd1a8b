package io.twinberg.it.latency;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;

/**
 * One kind of call that engines make all the time. Each client has a table of its own: commits to
 * one table would refuse each other.
 */
enum Operation {
  LOAD_TABLE("GET", "/v1/namespaces/bench/tables/t%d", ""),
  LIST_TABLES("GET", "/v1/namespaces/bench/tables", ""),
  COMMIT(
      "POST",
      "/v1/namespaces/bench/tables/t%d",
      "{\"requirements\":[],\"updates\":[{\"action\":\"set-properties\",\"updates\":{\"bench\":\"1\"}}]}");

  private final String method;
  private final String path;
  private final String body;

  Operation(String method, String path, String body) {
    this.method = method;
    this.path = path;
    this.body = body;
  }

  HttpRequest request(URI base, int client) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path.formatted(client)))
            .header("Content-Type", "application/json");
    return body.isEmpty()
        ? request.GET().build()
        : request.method(method, BodyPublishers.ofString(body)).build();
  }
}
