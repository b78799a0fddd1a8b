package io.twinberg.it.lag;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loads the replica's table over plain HTTP, again and again. */
final class ReplicaReader {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final Pattern LOCATION = Pattern.compile("\"metadata-location\":\"([^\"]+)\"");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI table;
  private Optional<String> tag = Optional.empty();

  ReplicaReader(String catalog, String name) {
    this.table = URI.create(catalog + "/v1/namespaces/shop/tables/" + name);
  }

  /**
   * A load that shows the wanted snapshot.
   *
   * @param answeredAt when its answer began, by {@link System#nanoTime}; how fast this reader is is
   *     not the replica's lag
   * @param metadataLocation the metadata that is served
   */
  record Shown(long answeredAt, String metadataLocation) {}

  /** Waits for a load that shows a snapshot. */
  Shown awaitSnapshot(long snapshotId) throws IOException, InterruptedException {
    return awaitSnapshot(snapshotId, Duration.ZERO);
  }

  /**
   * Waits for a load that shows a snapshot.
   *
   * @param quiet until the first load: two cores are shared with what is measured
   */
  Shown awaitSnapshot(long snapshotId, Duration quiet) throws IOException, InterruptedException {
    LockSupport.parkNanos(quiet.toNanos());
    String wanted = "\"current-snapshot-id\":" + snapshotId + ",";
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      HttpResponse<InputStream> answer = load();
      long answeredAt = System.nanoTime();
      String body = text(answer);
      if (answer.statusCode() == 200 && body.contains(wanted)) {
        return new Shown(answeredAt, location(body));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    throw new AssertionError("the replica did not show snapshot " + snapshotId);
  }

  private static String text(HttpResponse<InputStream> answer) throws IOException {
    try (InputStream body = answer.body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private HttpResponse<InputStream> load() throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(table);
    tag.ifPresent(known -> request.header("If-None-Match", known));
    HttpResponse<InputStream> answer = http.send(request.build(), BodyHandlers.ofInputStream());
    answer.headers().firstValue("ETag").ifPresent(known -> tag = Optional.of(known));
    return answer;
  }

  private static String location(String body) {
    Matcher matcher = LOCATION.matcher(body);
    if (!matcher.find()) {
      throw new AssertionError("a load without metadata-location");
    }
    return matcher.group(1);
  }
}
