package io.twinberg.source;

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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A catalog that plays recorded answers by raw request target, and records what it was asked. */
final class FakeCatalogServer implements AutoCloseable {
  /** Plays one answer. */
  interface Answer {
    void play(HttpExchange exchange) throws IOException;
  }

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> targets = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  FakeCatalogServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/iceberg");
  }

  void on(String target, int status, String body) {
    on(target, exchange -> reply(exchange, status, body));
  }

  void on(String target, Answer answer) {
    answers.put("/iceberg" + target, answer);
  }

  /** Raw targets in the order they were asked for. */
  List<String> targets() {
    return List.copyOf(targets);
  }

  /** Blocks an answer until the server closes. */
  void stall() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void reply(HttpExchange exchange, int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    String target = exchange.getRequestURI().toString();
    targets.add(target.replaceFirst("^/iceberg", ""));
    Answer notRecorded = e -> reply(e, 400, error("NoRoute", target));
    answers.getOrDefault(target, notRecorded).play(exchange);
  }

  static String error(String type, String message) {
    return "{\"error\":{\"type\":\"%s\",\"message\":\"%s\",\"code\":1}}".formatted(type, message);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
