package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.config.ConfigLoader;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.proxy.testing.ParsedAnswer;
import io.twinberg.proxy.testing.RandomRequest;
import io.twinberg.proxy.testing.RawClient;
import io.twinberg.proxy.testing.RawUpstream;
import io.twinberg.testing.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * Random connections to both listeners, over a source of our own and one that answers at random.
 * {@code -Dfuzz=} makes more of them, {@code -Dseed=} the same again.
 */
@Timeout(3600)
class HttpFuzzTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CONNECTIONS = Integer.getInteger("fuzz", 3000);
  private static final int CLIENTS = 6;
  private static final int FORWARD_LIMIT = 4;
  private static final int LOG_LINES = 60;
  private static final long GROWTH_LIMIT = 96L << 20;

  /** What an upstream that is broken, or too many clients, may bring about, and old protocols. */
  private static final Set<Integer> DOCUMENTED = Set.of(501, 502, 503, 504, 505);

  private static final List<String> SECRETS =
      List.of(
          "s3cr3t-etl",
          "s3cr3t-ops",
          "s3cr3t-read",
          "s3cr3t-key-id",
          "s3cr3t-key",
          "s3cr3t-out",
          "s3cr3t-db",
          "s3cr3t-oauth");

  private static final List<String> UPSTREAM_ANSWERS =
      List.of(
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
          "HTTP/1.1 204 No Content\r\n\r\n",
          "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
          "HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>",
          "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          "garbage\r\n\r\n",
          "");

  @TempDir private Path folder;
  private final AtomicInteger asked = new AtomicInteger();
  private final Map<String, Integer> statuses = new TreeMap<>();
  private final List<String> findings = new ArrayList<>();
  private final StringBuilder answers = new StringBuilder();

  @Test
  void connections_whateverTheySend_areAnsweredAsDocumented() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    PrintStream out = System.out;
    out.println("HttpFuzzTest -Dseed=" + seed + " -Dfuzz=" + CONNECTIONS);
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    try (RawUpstream upstream = new RawUpstream(this::answer);
        TwinbergServer server = start(upstream)) {
      fuzz(server, seed, CONNECTIONS / 20);
      long before = usedBytes();
      fuzz(server, seed + 1, CONNECTIONS);

      assertThat(usedBytes() - before).as("bytes kept").isLessThan(GROWTH_LIMIT);
      assertStillAlive(server);
      answers.append(RawClient.send(server.managementPort(), authorized("/metrics", "s3cr3t-ops")));
    } finally {
      System.setOut(out);
      out.println(statuses);
    }

    String logged = log.toString(StandardCharsets.UTF_8);
    assertThat(findings).as(() -> failuresIn(logged)).isEmpty();
    assertThat(statuses.keySet())
        .contains("server 200", "server 400", "server 404", "management 400");
    assertThat(logged).contains("source up has no allowed-locations").doesNotContain(SECRETS);
    assertThat(answers).doesNotContain(SECRETS);
  }

  /** What the server's log has of its own failures: an answer tells nothing about them. */
  private static String failuresIn(String log) {
    return log.lines()
        .dropWhile(line -> !line.contains(" ERROR "))
        .limit(LOG_LINES)
        .collect(Collectors.joining("\n"));
  }

  /** One with a password; the file that stands in for it where PostgreSQL cannot run has none. */
  private static String database() {
    try {
      return "database: { url: \"%s\", user: %s, password: s3cr3t-db }"
          .formatted(PostgresServer.running().createDatabase(), PostgresServer.USER);
    } catch (TestAbortedException e) {
      System.out.println("HttpFuzzTest without a database password: " + e.getMessage());
      return "";
    }
  }

  private TwinbergServer start(RawUpstream upstream) {
    String yaml =
        """
        server: { port: 0 }
        management: { port: 0 }
        %s
        access:
          tokens:
            - { name: etl, secret: s3cr3t-etl, grants: ["write:main", "write:own", "read:replica"] }
            - { name: ops, secret: s3cr3t-ops, grants: ["manage:admin"] }
        sources:
          main: { default: true }
          up:
            uri: "%s"
            auth: { type: bearer, token: s3cr3t-read }
            forward-limit: %d
            forward-timeout: 5s
            storage: { s3.region: us-east-1, s3.access-key-id: s3cr3t-key-id, s3.secret-access-key: s3cr3t-key }
          own:
            uri: "%s"
            forward: twinberg
            forward-auth: { type: oauth2, credential: "id:s3cr3t-oauth" }
            forward-timeout: 5s
        destinations:
          replica: { root: ./replica, retention: { snapshots: forever } }
          far:
            root: s3://nowhere/x
            storage: { s3.region: us-east-1, s3.access-key-id: s3cr3t-key-id, s3.secret-access-key: s3cr3t-out }
            retention: { snapshots: forever }
        rules:
          - { source: main, destinations: [replica] }
        """
            .formatted(database(), upstream.uri(), FORWARD_LIMIT, upstream.uri());
    TwinbergConfig config = ConfigLoader.parse(yaml, folder, name -> null);
    answers.append(config.masked()).append(config);
    return TwinbergServer.start(config, EnumSet.of(Role.PROXY));
  }

  private boolean answer(String head, InputStream in, OutputStream out) throws IOException {
    String answer = UPSTREAM_ANSWERS.get(asked.getAndIncrement() % UPSTREAM_ANSWERS.size());
    RawUpstream.write(out, answer);
    return false;
  }

  private void fuzz(TwinbergServer server, long seed, int connections) throws Exception {
    RandomRequest requests =
        new RandomRequest(
            seed,
            List.of("Bearer s3cr3t-etl", "Bearer s3cr3t-etl", "Bearer s3cr3t-ops", "bearer none"));
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    List<Future<?>> sent = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      boolean management = i % 5 == 0;
      String bytes = requests.connection(management ? "/management/v1/" : "");
      int port = management ? server.managementPort() : server.port();
      sent.add(clients.submit(() -> connection(port, management ? "management" : "server", bytes)));
    }
    clients.shutdown();
    assertThat(clients.awaitTermination(50, TimeUnit.MINUTES)).isTrue();
    for (Future<?> one : sent) {
      one.get();
    }
  }

  private void connection(int port, String listener, String bytes) {
    String wire = "";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(100_000);
      wire = exchange(socket, bytes);
      for (ParsedAnswer answer : ParsedAnswer.all(wire)) {
        judge(listener, answer, bytes);
      }
    } catch (IOException | IllegalArgumentException e) {
      found(listener + " " + e, bytes, wire);
    }
  }

  /** What comes back; a connection that is reset under a request that is refused is no finding. */
  private static String exchange(Socket socket, String bytes) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      socket.getInputStream().transferTo(answer);
    } catch (SocketException reset) {
      return "";
    }
    return answer.toString(StandardCharsets.ISO_8859_1);
  }

  private synchronized void judge(String listener, ParsedAnswer answer, String bytes)
      throws IOException {
    statuses.merge(listener + " " + answer.status(), 1, Integer::sum);
    if (answers.length() < 10_000_000) {
      answers.append(answer);
    }
    boolean ofUpstream = answer.body().contains("Source up answered 500");
    if (answer.status() >= 500 && !DOCUMENTED.contains(answer.status()) && !ofUpstream) {
      found("undocumented " + answer.status(), bytes, answer.toString());
    }
    boolean ofTokens = bytes.contains("oauth/tokens") && isOAuths(answer);
    if (answer.status() >= 400 && !ofTokens && !isIcebergs(answer)) {
      found("not Iceberg's JSON", bytes, answer.toString());
    }
  }

  /** Errors of the token endpoint have OAuth's form. */
  private static boolean isOAuths(ParsedAnswer answer) throws IOException {
    return answer.headers().getOrDefault("content-type", "").equals("application/json")
        && JSON.readTree(answer.body()).path("error").isTextual();
  }

  private static boolean isIcebergs(ParsedAnswer answer) throws IOException {
    boolean ready = answer.body().startsWith("{\"status\":\"down\"");
    if (ready || !answer.headers().getOrDefault("content-type", "").equals("application/json")) {
      return ready;
    }
    JsonNode error = JSON.readTree(answer.body()).path("error");
    return error.path("code").intValue() == answer.status()
        && error.path("type").isTextual()
        && error.path("message").isTextual();
  }

  private synchronized void found(String what, String bytes, String wire) {
    if (findings.size() < 10) {
      findings.add(what + "\n" + start(bytes) + "\n---> " + start(wire));
    }
  }

  private static String start(String text) {
    return text.substring(0, Math.min(1500, text.length()));
  }

  /** No place is lost, or the source would refuse for ever. */
  private void assertStillAlive(TwinbergServer server) throws IOException {
    for (int i = 0; i < 3 * FORWARD_LIMIT; i++) {
      await("a place at the source")
          .until(
              () ->
                  RawClient.status(RawClient.get(server.port(), "/catalogs/up/v1/config")) == 200);
    }
    for (int port : new int[] {server.port(), server.managementPort()}) {
      assertThat(RawClient.get(port, "/health/live")).startsWith("HTTP/1.1 200");
      assertThat(RawClient.get(port, "/health/ready")).startsWith("HTTP/1.1 200");
    }
  }

  private static String authorized(String path, String secret) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer "
        + secret
        + "\r\n\r\n";
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
