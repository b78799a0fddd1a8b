package io.twinberg.proxy.management;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The audit as one long answer. */
class AuditExportTest extends AuditRoutesSuite {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void export_ofManyEntries_bringsEachOnceAndOldestFirst() throws Exception {
    int count = 10_000;
    insert(count, "");
    append(1, "not yet there when it begins: ");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + AUDIT))
            .header("Authorization", "Bearer s-ops")
            .header("Accept", "application/x-ndjson")
            .build();
    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
    List<String> subjects;
    try (Stream<String> lines = answer.body()) {
      subjects = lines.map(AuditExportTest::subject).toList();
    }
    assertThat(subjects)
        .isEqualTo(IntStream.rangeClosed(1, count).mapToObj(i -> "n " + i).toList());
  }

  private static String subject(String line) {
    try {
      return JSON.readTree(line).path("subject").asText();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rows of a minute each, all of them long before now. */
  private void insert(int count, String filling) {
    String numbers =
        (database.shared() ? "generate_series(1, %d)" : "system_range(1, %d)").formatted(count)
            + " as numbers(n)";
    sql(
        """
        insert into audit_entry (recorded_at, kind, action, subject, outcome, details)
        select timestamp with time zone '2025-01-01 00:00:00+00' + n * interval '1' second, 'VERSION', 'applied',
            concat('n ', n), 'DONE', '{"filling":"%s"}' from %s
        """
            .formatted(filling, numbers));
  }

  /** What a connection buffers is much less than all that there is to read. */
  @Test
  void export_ofClientsThatDoNotRead_endsWithoutHoldingTheDatabase() throws Exception {
    insert(4_000, "x".repeat(8_000));
    List<Socket> hanging = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        hanging.add(hangingExport());
      }
      get("?format=ndjson&source=none").statusCode(503).header("Retry-After", "1");
      Map<Integer, Long> connections =
          IntStream.range(0, 24).parallel().boxed().collect(toMap(i -> i, i -> rows("source")));
      assertThat(connections).hasSize(24);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> get("?format=ndjson&source=none").statusCode(200));
      List<String> ends = new ArrayList<>();
      for (Socket socket : hanging) {
        ends.add(rest(socket));
      }
      // The others may have had time left, and are whole now that they are read.
      assertThat(ends)
          .as("what is given up must not look whole")
          .anySatisfy(end -> assertThat(end).doesNotEndWith("0\r\n\r\n"));
    } finally {
      for (Socket socket : hanging) {
        socket.close();
      }
    }
  }

  /** Waits for the first bytes, and reads no further. */
  private Socket hangingExport() throws Exception {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(25_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()));
    socket
        .getOutputStream()
        .write(
            ("GET "
                    + AUDIT
                    + "?format=ndjson HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                    + "Authorization: Bearer s-ops\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    return socket;
  }

  private static String rest(Socket socket) throws Exception {
    StringBuilder last = new StringBuilder();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        last.append((char) next);
      }
    } catch (SocketException e) {
      return "reset";
    }
    return last.toString();
  }
}
