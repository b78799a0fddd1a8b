package io.twinberg.proxy.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;

/** An upstream catalog whose answers the test decides; it remembers what it was asked. */
public final class FakeUpstream implements AutoCloseable {
  /** A request as it came. */
  public record Received(
      String method, String target, Map<String, List<String>> headers, byte[] body) {
    /** The first value of a header. */
    public Optional<String> header(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .flatMap(entry -> entry.getValue().stream())
          .findFirst();
    }
  }

  /** What to answer. */
  public record Reply(int status, Map<String, String> headers, byte[] body) {
    /** A JSON answer. */
    public static Reply json(int status, String body) {
      return new Reply(
          status,
          Map.of("Content-Type", "application/json"),
          body.getBytes(StandardCharsets.UTF_8));
    }

    /** An answer without body. */
    public static Reply empty(int status) {
      return new Reply(status, Map.of(), new byte[0]);
    }
  }

  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile String config = "{\"defaults\":{},\"overrides\":{}}";
  private volatile Function<Received, Reply> replies = request -> Reply.json(200, "{}");

  /** Starts on a free port. */
  public FakeUpstream() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(executor);
    server.start();
  }

  /** The base with which a source is configured. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/iceberg");
  }

  /** Lets {@code /v1/config} answer this. */
  public void config(String json) {
    config = json;
  }

  /** Lets every other request be answered so. */
  public void replies(Function<Received, Reply> function) {
    replies = function;
  }

  /** Every request but those for the config. */
  public List<Received> received() {
    return received.stream().filter(request -> !isConfig(request)).toList();
  }

  /** The requests for the config. */
  public List<Received> configRequests() {
    return received.stream().filter(FakeUpstream::isConfig).toList();
  }

  private static boolean isConfig(Received request) {
    return request.target().split("\\?", 2)[0].endsWith("/v1/config");
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Received request =
          new Received(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              Map.copyOf(exchange.getRequestHeaders()),
              exchange.getRequestBody().readAllBytes());
      received.add(request);
      Reply reply = isConfig(request) ? configReply() : replies.apply(request);
      reply.headers().forEach(exchange.getResponseHeaders()::add);
      boolean none =
          reply.body().length == 0 || request.method().equals("HEAD") || reply.status() == 304;
      exchange.sendResponseHeaders(reply.status(), none ? -1 : reply.body().length);
      if (!none) {
        exchange.getResponseBody().write(reply.body());
      }
    }
  }

  private Reply configReply() {
    return config.isEmpty() ? Reply.empty(401) : Reply.json(200, config);
  }

  /** All targets that were asked for, without the config's. */
  public Stream<String> targets() {
    return received().stream().map(Received::target);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
