package io.twinberg.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.http.PathSegments;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Asks the management API of a running server. */
final class StatusClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String API = "/management/v1";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int SERVER_ERROR = 500;

  /** Which replicas to ask for. */
  record Filter(Optional<String> source, Optional<String> destination, Optional<String> state) {
    private String query() {
      return parameter("source", source)
          + parameter("destination", destination)
          + parameter("state", state);
    }

    private boolean takes(JsonNode replica) {
      return matches(destination, replica.path("destination"))
          && matches(state, replica.path("state"));
    }

    private static boolean matches(Optional<String> wanted, JsonNode value) {
      return wanted.isEmpty() || wanted.get().equals(value.asText());
    }
  }

  /** No answer that is the API's came back. */
  static final class NotReachedException extends RuntimeException {
    private NotReachedException(String message) {
      super(message);
    }
  }

  private final String base;
  private final Optional<String> token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  StatusClient(URI management, Optional<String> token) {
    String text = management.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    this.token = token.filter(secret -> !secret.isBlank());
  }

  /** The first page as it came, with the replicas of all further pages put into it. */
  ObjectNode all(Filter filter) {
    String path = API + "/status?pageSize=1000" + filter.query();
    ObjectNode whole = get(path);
    ArrayNode replicas = whole.withArray("replicas");
    JsonNode next = whole.path("nextPageToken");
    while (next.isTextual()) {
      ObjectNode page = get(path + parameter("pageToken", Optional.of(next.asText())));
      page.withArray("replicas").forEach(replicas::add);
      next = page.path("nextPageToken");
    }
    return whole.putNull("nextPageToken");
  }

  /** The one table of a name, at the source that is named or at whichever has it. */
  ObjectNode table(String name, Filter filter) {
    String path = path(name);
    List<ObjectNode> found = new ArrayList<>();
    List<String> misses = new ArrayList<>();
    for (String source : filter.source().map(List::of).orElseGet(this::sources)) {
      HttpResponse<String> answer = send(API + "/sources/" + PathSegments.encode(source) + path);
      if (answer.statusCode() == NOT_FOUND) {
        misses.add(message(answer));
      } else {
        found.add(body(answer));
      }
    }
    if (found.isEmpty()) {
      throw new UsageException(String.join("\n", misses));
    }
    if (found.size() > 1) {
      throw new UsageException(
          "several sources have a table " + name + "; choose one with --source");
    }
    return filtered(found.get(0), filter);
  }

  private static ObjectNode filtered(ObjectNode answer, Filter filter) {
    Iterator<JsonNode> replicas = answer.withArray("replicas").iterator();
    while (replicas.hasNext()) {
      if (!filter.takes(replicas.next())) {
        replicas.remove();
      }
    }
    return answer;
  }

  private List<String> sources() {
    List<String> names = new ArrayList<>();
    get(API + "/sources").path("sources").forEach(one -> names.add(one.path("name").asText()));
    return names;
  }

  private static String path(String table) {
    try {
      List<String> parts = Arrays.stream(table.split("\\.", -1)).map(PathSegments::decode).toList();
      if (parts.size() < 2 || parts.contains("")) {
        throw new UsageException("'" + table + "' is no table; write namespace.table");
      }
      List<String> levels = parts.subList(0, parts.size() - 1);
      return "/namespaces/"
          + PathSegments.joinLevels(levels, PathSegments.DEFAULT_SEPARATOR)
          + "/tables/"
          + PathSegments.encode(parts.get(parts.size() - 1))
          + "/status";
    } catch (IllegalArgumentException e) {
      throw new UsageException("'" + table + "' is no table: " + e.getMessage());
    }
  }

  private static String parameter(String name, Optional<String> value) {
    return value
        .map(text -> "&" + name + "=" + URLEncoder.encode(text, StandardCharsets.UTF_8))
        .orElse("");
  }

  private ObjectNode get(String path) {
    return body(send(path));
  }

  private HttpResponse<String> send(String path) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT);
      token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw notReached("no connection (" + e + ")");
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--management or --token cannot be used: "
              + withoutSecret(String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notReached("interrupted");
    }
  }

  /** The client's message about a malformed header shows its value. */
  private String withoutSecret(String message) {
    return token.map(secret -> message.replace(secret, "****")).orElse(message);
  }

  private ObjectNode body(HttpResponse<String> answer) {
    if (answer.statusCode() >= SERVER_ERROR) {
      throw notReached("it answered " + answer.statusCode() + ": " + message(answer));
    }
    if (answer.statusCode() != OK) {
      throw new UsageException(message(answer));
    }
    if (parse(answer) instanceof ObjectNode object) {
      return object;
    }
    throw notReached("what answers there is not Twinberg's management API");
  }

  private static String message(HttpResponse<String> answer) {
    String message = parse(answer).path("error").path("message").asText();
    return message.isEmpty() ? "the answer has status " + answer.statusCode() : message;
  }

  private static JsonNode parse(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  private NotReachedException notReached(String reason) {
    return new NotReachedException(
        "cannot reach the management API at "
            + base
            + ": "
            + reason
            + ". Is 'twinberg serve' running there? Set another address with --management.");
  }
}
