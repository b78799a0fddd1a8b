package io.twinberg.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An S3 server from before checksums in trailers: it answers 400 to bodies that carry one, as Ceph
 * 16 does, and checks Content-MD5. Single objects only; it takes any keys.
 */
public final class OldS3Server implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final List<String> refused = new CopyOnWriteArrayList<>();

  /** Starts on a free port; every bucket exists. */
  public OldS3Server() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** What a client needs, in Iceberg's property names. */
  public Map<String, String> properties() {
    return Map.of(
        "s3.endpoint", "http://127.0.0.1:" + server.getAddress().getPort(),
        "s3.region", "us-east-1",
        "s3.path-style-access", "true",
        "s3.access-key-id", "old",
        "s3.secret-access-key", "old-secret");
  }

  /** The paths of the bodies that it did not understand. */
  public List<String> refused() {
    return List.copyOf(refused);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    switch (exchange.getRequestMethod()) {
      case "PUT" -> put(exchange, path, unchunked(exchange, body));
      case "GET", "HEAD" -> show(exchange, objects.get(path));
      case "DELETE" -> {
        objects.remove(path);
        reply(exchange, 204, new byte[0]);
      }
      default -> reply(exchange, 405, new byte[0]);
    }
  }

  private void put(HttpExchange exchange, String path, byte[] body) throws IOException {
    String hash = header(exchange, "x-amz-content-sha256");
    boolean trailer =
        hash.toUpperCase(Locale.ROOT).endsWith("-TRAILER")
            || exchange.getRequestHeaders().containsKey("x-amz-trailer");
    String md5 = header(exchange, "Content-MD5");
    if (trailer || (!md5.isEmpty() && !md5.equals(md5(body)))) {
      refused.add(path);
      String code = trailer ? "XAmzContentSHA256Mismatch" : "BadDigest";
      reply(
          exchange,
          400,
          ("<Error><Code>" + code + "</Code></Error>").getBytes(StandardCharsets.UTF_8));
      return;
    }
    objects.put(path, body);
    exchange.getResponseHeaders().set("ETag", etag(body));
    reply(exchange, 200, new byte[0]);
  }

  /** Chunks with a signature each, but nothing behind them, are as old as the server. */
  private static byte[] unchunked(HttpExchange exchange, byte[] body) {
    if (!header(exchange, "x-amz-content-sha256").equals("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")) {
      return body;
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    int at = 0;
    int length;
    do {
      int end = at;
      while (body[end] != '\n') {
        end++;
      }
      String head = new String(body, at, end - at, StandardCharsets.US_ASCII);
      length = Integer.parseInt(head.split(";")[0], 16);
      content.write(body, end + 1, length);
      at = end + 1 + length + 2;
    } while (length > 0);
    return content.toByteArray();
  }

  private static void show(HttpExchange exchange, byte[] object) throws IOException {
    if (object == null) {
      reply(
          exchange, 404, "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8));
      return;
    }
    exchange.getResponseHeaders().set("ETag", etag(object));
    reply(exchange, 200, object);
  }

  private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        exchange.sendResponseHeaders(status, -1);
        return;
      }
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private static String md5(byte[] bytes) {
    return Base64.getEncoder().encodeToString(digest(bytes));
  }

  private static String etag(byte[] bytes) {
    return "\"" + HexFormat.of().formatHex(digest(bytes)) + "\"";
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
