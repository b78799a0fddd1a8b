package io.twinberg.it.transparency;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** One way to a catalog, and what its answers have told so far. */
final class Side {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> TOLD =
      Map.of(
          "/metadata/table-uuid", "uuid",
          "/metadata/view-uuid", "view",
          "/metadata-location", "location",
          "/plan-id", "plan",
          "/next-page-token", "token");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;
  private final Map<String, String> known = new HashMap<>();

  Side(String base) {
    this.base = base;
  }

  Answer answer(Call call) throws IOException, InterruptedException {
    Call filled = call.filled(known);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + filled.path()))
            .timeout(Duration.ofMinutes(2))
            .method(
                filled.method(),
                filled.body().isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(filled.body()));
    if (!filled.headers().isEmpty()) {
      request.headers(filled.headers().toArray(String[]::new));
    }
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    response.headers().firstValue("ETag").ifPresent(tag -> known.put("etag", tag));
    learn(response.body());
    return Answer.of(response.statusCode(), response.headers().map(), response.body());
  }

  private void learn(String body) {
    try {
      JsonNode tree = JSON.readTree(body);
      TOLD.forEach(
          (pointer, name) -> {
            JsonNode value = tree == null ? null : tree.at(pointer);
            if (value != null && value.isTextual()) {
              known.put(name, encodedWhereNeeded(name, value.textValue()));
            }
          });
    } catch (IOException notJson) {
      // A page for people, or nothing; there is nothing to learn.
      return;
    }
  }

  private static String encodedWhereNeeded(String name, String value) {
    return name.equals("token") || name.equals("plan")
        ? URLEncoder.encode(value, StandardCharsets.UTF_8)
        : value;
  }
}
