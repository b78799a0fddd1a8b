package io.twinberg.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An OAuth2 token server that issues {@code token-1}, {@code token-2} and so on. */
public final class TokenServer implements AutoCloseable {
  /** Plays one answer. */
  @FunctionalInterface
  public interface Answer {
    /** Answers the exchange and closes it. */
    void play(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> forms = new CopyOnWriteArrayList<>();
  private final AtomicInteger issued = new AtomicInteger();
  private volatile Answer answer = issuing("");

  /** Starts on a free port; its tokens say nothing of their lives. */
  public TokenServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where tokens are issued. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/oauth/tokens");
  }

  /** The base of a catalog whose token server this is. */
  public URI catalog() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /** Issues tokens from now on that live so long. */
  public void lifetime(long seconds) {
    answer = issuing(",\"expires_in\":" + seconds);
  }

  /** Answers so from now on. */
  public void answers(Answer other) {
    answer = other;
  }

  /** Answers so from now on. */
  public void answers(int status, String body) {
    answer = exchange -> reply(exchange, status, body);
  }

  /** The bodies of all requests. */
  public List<String> forms() {
    return List.copyOf(forms);
  }

  /** Sends an answer. */
  public static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Answer issuing(String more) {
    return exchange ->
        reply(
            exchange,
            200,
            "{\"access_token\":\"token-%d\",\"token_type\":\"bearer\"%s}"
                .formatted(issued.incrementAndGet(), more));
  }

  private void handle(HttpExchange exchange) throws IOException {
    forms.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    answer.play(exchange);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
