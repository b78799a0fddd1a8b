package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** Has replicas verified over the management API, as {@code twinberg verify} does. */
public final class Verification {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Verification() {}

  /** A table's replica has nothing wrong; returns the operation's result. */
  public static JsonNode assertClean(
      RunningTwinberg twinberg, String namespace, String table, String rows) {
    JsonNode operation = run(twinberg, namespace, table, rows);
    assertThat(operation.path("state").asText())
        .as(operation.path("summary").asText())
        .isEqualTo("completed");
    JsonNode result = operation.path("result");
    assertThat(result.path("reports").findValues("violations"))
        .allSatisfy(violations -> assertThat(violations).isEmpty());
    assertThat(result.path("ok").asBoolean()).as(result.toString()).isTrue();
    return result;
  }

  /** Verifies a table's replica and returns the operation as it ended. */
  public static JsonNode run(
      RunningTwinberg twinberg, String namespace, String table, String rows) {
    URI operations = twinberg.management().resolve("/management/v1/operations");
    String body =
        "{\"kind\":\"verify\",\"rows\":\"%s\",\"namespace\":[\"%s\"],\"table\":\"%s\"}"
            .formatted(rows, namespace, table);
    JsonNode requested =
        send(
            HttpRequest.newBuilder(operations)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    String id = requested.path("id").asText();
    assertThat(id).as(requested.toString()).isNotEmpty();
    AtomicReference<JsonNode> last = new AtomicReference<>(requested);
    Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              last.set(send(HttpRequest.newBuilder(URI.create(operations + "/" + id))));
              return !last.get().path("finishedAt").isNull();
            });
    return last.get();
  }

  private static JsonNode send(HttpRequest.Builder request) {
    try {
      return JSON.readTree(HTTP.send(request.build(), BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
