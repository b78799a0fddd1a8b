package io.twinberg.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Calls the management API of a running server. */
final class ManagementClient {
  static final String API = "/management/v1";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Set<Integer> GOOD = Set.of(200, 201, 202);
  private static final int OK = 200;
  private static final int NOT_AUTHORIZED = 401;
  private static final int SERVER_ERROR = 500;

  /** No answer that is the API's came back. */
  static final class NotReachedException extends RuntimeException {
    NotReachedException(String message) {
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

  ManagementClient(URI management, Optional<String> token) {
    String text = management.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    this.token = token.filter(secret -> !secret.isBlank());
  }

  ObjectNode get(String path) {
    return body(send(path));
  }

  ObjectNode post(String path, ObjectNode body) {
    return body(posted(path, body));
  }

  /** The answer to a post, whatever it is. */
  HttpResponse<String> posted(String path, ObjectNode body) {
    return send(
        path,
        request ->
            request
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
  }

  /** What an answer has beside its error; missing where it has nothing of that name. */
  static JsonNode beside(HttpResponse<String> answer, String name) {
    return parse(answer.body()).path(name);
  }

  ObjectNode delete(String path) {
    return body(send(path, HttpRequest.Builder::DELETE));
  }

  /** Hands on the lines of an answer as they come. */
  void lines(String path, Consumer<String> line) {
    HttpResponse<Stream<String>> answer = send(path, request -> request, BodyHandlers.ofLines());
    try (Stream<String> lines = answer.body()) {
      if (answer.statusCode() == OK) {
        lines.forEach(line);
      } else {
        refuse(answer.statusCode(), lines.collect(Collectors.joining("\n")));
      }
    } catch (UncheckedIOException e) {
      throw notReached("the answer broke off (" + e.getMessage() + ")");
    }
  }

  /** Puts something where nothing is, or where the headers say that it may be. */
  ObjectNode put(String path, ObjectNode body, Map<String, String> headers) {
    return body(
        send(
            path,
            request ->
                with(headers, request)
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString(body.toString()))));
  }

  ObjectNode delete(String path, Map<String, String> headers) {
    return body(send(path, request -> with(headers, request).DELETE()));
  }

  private static HttpRequest.Builder with(
      Map<String, String> headers, HttpRequest.Builder request) {
    headers.forEach(request::header);
    return request;
  }

  HttpResponse<String> send(String path) {
    return send(path, request -> request);
  }

  private HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> method) {
    return send(path, method, BodyHandlers.ofString());
  }

  private <T> HttpResponse<T> send(
      String path, UnaryOperator<HttpRequest.Builder> method, BodyHandler<T> body) {
    try {
      HttpRequest.Builder request =
          method.apply(HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT));
      token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
      return http.send(request.build(), body);
    } catch (IOException e) {
      throw notReached("no connection (" + e + ")");
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--management, --token or --if-match cannot be used: "
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

  ObjectNode body(HttpResponse<String> answer) {
    if (answer.statusCode() == NOT_AUTHORIZED) {
      throw new UsageException(
          token.isPresent()
              ? "the token is not known at "
                  + base
                  + "; give another one by --token or TWINBERG_TOKEN"
              : base + " needs a token; give one by --token or TWINBERG_TOKEN");
    }
    if (!GOOD.contains(answer.statusCode())) {
      refuse(answer.statusCode(), answer.body());
    }
    if (parse(answer.body()) instanceof ObjectNode object) {
      return object;
    }
    throw notReached("what answers there is not Twinberg's management API");
  }

  private void refuse(int status, String body) {
    if (status >= SERVER_ERROR) {
      throw notReached("it answered " + status + ": " + message(status, body));
    }
    throw new UsageException(message(status, body));
  }

  static String message(HttpResponse<String> answer) {
    return message(answer.statusCode(), answer.body());
  }

  private static String message(int status, String body) {
    String message = parse(body).path("error").path("message").asText();
    return message.isEmpty() ? "the answer has status " + status : message;
  }

  private static JsonNode parse(String body) {
    try {
      return JSON.readTree(body);
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
