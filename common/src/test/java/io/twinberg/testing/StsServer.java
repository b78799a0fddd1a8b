package io.twinberg.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * AWS's token service as far as roles go: it checks who calls, and hands out the keys that were
 * laid out for it.
 */
public final class StsServer implements AutoCloseable {
  private record Keys(String id, String secret, String token, Duration life) {}

  private final SigV4Verifier verifier;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ConcurrentLinkedQueue<Keys> laidOut = new ConcurrentLinkedQueue<>();
  private final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  /** Starts on a free port; only calls that these keys have signed are answered. */
  public StsServer(String region, String keyId, String secret) {
    this.verifier = new SigV4Verifier(region, "sts", keyId, secret);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Its endpoint. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Lays out keys for one call; calls beyond those laid out are refused. */
  public void layOut(String id, String secret, String token, Duration life) {
    laidOut.add(new Keys(id, secret, token, life));
  }

  /** The parameters of all calls that were signed well. */
  public List<Map<String, String>> asked() {
    return List.copyOf(asked);
  }

  /** What was wrong with the others. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Optional<String> complaint =
        verifier.complaint(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders(),
            body,
            Instant.now());
    if (complaint.isPresent()) {
      complaints.add(complaint.get());
      reply(exchange, 403, error("SignatureDoesNotMatch"));
      return;
    }
    asked.add(form(new String(body, StandardCharsets.UTF_8)));
    Keys keys = laidOut.poll();
    if (keys == null) {
      reply(exchange, 403, error("AccessDenied"));
    } else {
      reply(exchange, 200, answer(keys));
    }
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/xml");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String answer(Keys keys) {
    return """
    <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
      <AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId><Arn>arn:aws:sts::1:a/r/s</Arn></AssumedRoleUser>
      <Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>
        <SessionToken>%s</SessionToken><Expiration>%s</Expiration></Credentials>
    </AssumeRoleResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleResponse>
    """
        .formatted(
            keys.id(),
            keys.secret(),
            keys.token(),
            Instant.now().plus(keys.life()).truncatedTo(ChronoUnit.SECONDS));
  }

  private static String error(String code) {
    return """
    <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
      <Code>%s</Code><Message>a test says so</Message></Error><RequestId>1</RequestId></ErrorResponse>
    """
        .formatted(code);
  }

  private static Map<String, String> form(String body) {
    return Arrays.stream(body.split("&"))
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
