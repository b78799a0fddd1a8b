package io.twinberg.command;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.config.ConfigLoader;
import io.twinberg.proxy.testing.RawUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source that hangs under more clients than the server has threads takes nothing else down. */
@Timeout(180)
class BulkheadTest {
  /** More than {@code forward-limit} and all other threads of the listener together. */
  private static final int CLIENTS = 600;

  private static final int FORWARD_LIMIT = 100;
  private static final int READS = 300;

  /** Below this, what is measured is the machine. */
  private static final Duration FLOOR = Duration.ofMillis(600);

  private static final String TABLE =
      """
      {"name": "t", "schema": {"type": "struct", "schema-id": 0, "fields":
        [{"id": 1, "name": "id", "type": "long", "required": false}]}}""";

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Socket> clients = new ArrayList<>();

  private static boolean hang(String head, InputStream in, OutputStream out) throws IOException {
    return in.read() >= 0;
  }

  @Test
  void hangingSource_moreClientsThanThreads_leavesReplicasManagementAndHealthAlone()
      throws Exception {
    try (RawUpstream hanging = new RawUpstream(BulkheadTest::hang);
        TwinbergServer server = start(hanging.uri())) {
      int port = server.port();
      replicate(port);
      String replica = "/catalogs/replica/v1/replica/namespaces/ns/tables/t";
      percentile99(port, replica);
      Duration idle = percentile99(port, replica);

      for (int i = 0; i < CLIENTS; i++) {
        clients.add(load(port));
      }
      await("as many forwards as may be")
          .untilAsserted(() -> assertThat(loads(hanging)).isEqualTo(FORWARD_LIMIT));

      // What else the machine has to do may spoil one round of reads: the source would spoil all.
      await("reads as before")
          .untilAsserted(
              () ->
                  assertThat(percentile99(port, replica))
                      .as("p99 of replica reads; idle: %s", idle)
                      .isLessThanOrEqualTo(max(idle.multipliedBy(10), FLOOR)));
      for (String path : List.of("/health/live", "/health/ready", "/catalogs/main/v1/config")) {
        assertThat(get(port, path)).as(path).isEqualTo(200);
      }
      for (String path : List.of("/health/ready", "/metrics", "/management/v1/status")) {
        assertThat(get(server.managementPort(), path)).as(path).isEqualTo(200);
      }
      assertThat(get(port, "/catalogs/hung/v1/hung/namespaces")).isEqualTo(503);
      assertThat(loads(hanging)).isEqualTo(FORWARD_LIMIT);
      hanging.close(); // or the server would wait for its answers when it stops
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  /** The clients' loads that have arrived; the replicator reads the source too. */
  private static long loads(RawUpstream hanging) {
    return hanging.requestLines().stream().filter(line -> line.contains("/tables/t")).count();
  }

  private TwinbergServer start(URI hanging) {
    String yaml =
        """
        server: { port: 0 }
        management: { port: 0 }
        sources:
          main: { default: true }
          hung: { uri: "%s", forward-limit: %d, forward-timeout: 10m }
        destinations:
          replica: { root: ./replica, retention: { snapshots: forever } }
        rules:
          - { source: main, destinations: [replica] }
        """
            .formatted(hanging, FORWARD_LIMIT);
    return TwinbergServer.start(
        ConfigLoader.parse(yaml, folder, name -> null), EnumSet.allOf(Role.class));
  }

  private static void replicate(int port) {
    String base = "http://127.0.0.1:" + port + "/catalogs/";
    given()
        .contentType("application/json")
        .body("{\"namespace\":[\"ns\"]}")
        .post(base + "main/v1/main/namespaces")
        .then()
        .statusCode(200);
    given()
        .contentType("application/json")
        .body(TABLE)
        .post(base + "main/v1/main/namespaces/ns/tables")
        .then()
        .statusCode(200);
    await("the replica")
        .atMost(Duration.ofMinutes(3))
        .until(
            () ->
                given().get(base + "replica/v1/replica/namespaces/ns/tables/t").statusCode()
                    == 200);
  }

  private static Socket load(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket
        .getOutputStream()
        .write(
            "GET /catalogs/hung/v1/hung/namespaces/a/tables/t HTTP/1.1\r\nHost: h\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private Duration percentile99(int port, String path) throws Exception {
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < READS; i++) {
      long start = System.nanoTime();
      assertThat(get(port, path)).isEqualTo(200);
      nanos.add(System.nanoTime() - start);
    }
    nanos.sort(null);
    return Duration.ofNanos(nanos.get(READS * 99 / 100));
  }

  private int get(int port, String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
