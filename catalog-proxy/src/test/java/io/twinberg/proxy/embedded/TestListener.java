package io.twinberg.proxy.embedded;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.Header;
import io.twinberg.proxy.catalog.ServedCatalog;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A bare HTTP listener on a free port that hands every request, raw, to one served catalog. */
final class TestListener implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(16);
  private final String name;
  private final ServedCatalog catalog;

  TestListener(String name, ServedCatalog catalog) {
    this.name = name;
    this.catalog = catalog;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange;
        CatalogAnswer answer = catalog.answer(call(exchange))) {
      answer.headers().forEach(one -> exchange.getResponseHeaders().add(one.name(), one.value()));
      byte[] body = answer.body().readAllBytes();
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
  }

  private CatalogCall call(HttpExchange exchange) {
    List<Header> headers = new ArrayList<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> values.forEach(value -> headers.add(new Header(name, value))));
    return new CatalogCall(
        exchange.getRequestMethod(),
        withoutPrefix(exchange.getRequestURI().getRawPath()),
        Optional.ofNullable(exchange.getRequestURI().getRawQuery()),
        headers,
        exchange.getRequestBody(),
        AccessPolicy.open().caller(Optional.empty(), "127.0.0.1"),
        UUID.randomUUID().toString(),
        uri().toString());
  }

  /** The served name is the prefix of paths, as the catalog's config says. */
  private String withoutPrefix(String rawPath) {
    return rawPath.substring(1).replaceFirst("^v1/" + name + "/", "v1/");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
