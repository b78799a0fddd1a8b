package io.twinberg.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/** Raw calls to a catalog, as bytes and JSON. */
public final class RestReads {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final URI base;

  public RestReads(URI base) {
    this.base = base;
  }

  HttpResponse<String> call(String method, String path, String body) {
    return call(method, path, "application/json", body);
  }

  /** A call as the token endpoint wants it. */
  HttpResponse<String> form(String path, String fields) {
    return call("POST", path, "application/x-www-form-urlencoded", fields);
  }

  private HttpResponse<String> call(String method, String path, String type, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<String> get(String path) {
    return call("GET", path, "");
  }

  /** The answer to a load of a table. */
  public HttpResponse<String> load(String namespace, String table) {
    return get("/v1/namespaces/" + namespace + "/tables/" + table);
  }

  /** What the catalog says of a table; empty where it has none. */
  public Optional<TableHistory> history(String namespace, String table) {
    HttpResponse<String> answer = load(namespace, table);
    if (answer.statusCode() == 404) {
      return Optional.empty();
    }
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    return Optional.of(TableHistory.of(parse(answer.body()).get("metadata")));
  }

  public static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }
}
