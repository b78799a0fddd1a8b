package io.twinberg.it.engine;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Trino's statement protocol: a statement is posted, and its links followed to the end. */
final class TrinoClient {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server;

  TrinoClient(URI server) {
    this.server = server;
  }

  /** Whether it answers a query. */
  boolean isReady() {
    try {
      HttpResponse<String> info = send(HttpRequest.newBuilder(server.resolve("/v1/info")));
      return info.statusCode() == 200
          && !JSON.readTree(info.body()).path("starting").asBoolean(true)
          && ask("SELECT 1").error() == null;
    } catch (IOException e) {
      return false; // not yet
    }
  }

  List<List<@Nullable Object>> rows(String sql) {
    Answer answer = answer(sql);
    if (answer.error() != null) {
      throw new AssertionError(sql + " failed: " + answer.error());
    }
    return answer.rows();
  }

  String error(String sql) {
    Answer answer = answer(sql);
    if (answer.error() == null) {
      throw new AssertionError("Succeeded, but should not: " + sql + " gave " + answer.rows());
    }
    return answer.error();
  }

  private record Answer(List<List<@Nullable Object>> rows, @Nullable String error) {}

  private Answer answer(String sql) {
    try {
      return ask(sql);
    } catch (IOException e) {
      throw new UncheckedIOException(sql, e);
    }
  }

  private Answer ask(String sql) throws IOException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    JsonNode page =
        page(
            HttpRequest.newBuilder(server.resolve("/v1/statement"))
                .POST(HttpRequest.BodyPublishers.ofString(sql)));
    while (true) {
      for (JsonNode row : page.path("data")) {
        List<@Nullable Object> cells = new ArrayList<>();
        row.forEach(cell -> cells.add(JSON.convertValue(cell, Object.class)));
        rows.add(cells);
      }
      if (page.has("error")) {
        return new Answer(rows, messages(page.get("error")));
      }
      if (!page.has("nextUri")) {
        return new Answer(rows, null);
      }
      page = page(HttpRequest.newBuilder(URI.create(page.get("nextUri").textValue())));
    }
  }

  /** The error's message and those of its causes, without the stacks. */
  private static String messages(JsonNode error) {
    StringBuilder messages = new StringBuilder(error.path("errorName").asText());
    for (JsonNode cause = error.path("failureInfo");
        cause.isObject();
        cause = cause.path("cause")) {
      messages.append('\n').append(cause.path("type").asText());
      messages.append(": ").append(cause.path("message").asText());
    }
    return messages.toString();
  }

  private JsonNode page(HttpRequest.Builder request) throws IOException {
    HttpResponse<String> response = send(request);
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(
          request.header("X-Trino-User", "test").build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
