package io.twinberg.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A wire between clients and a real catalog on which things go wrong as an {@link UpstreamPlan} has
 * it. It remembers every request and what became of it.
 */
public final class FaultyUpstream implements AutoCloseable {
  private record Held(WireRequest request, UpstreamExchange exchange) {}

  private final URI catalog;
  private final UpstreamPlan plan;
  private final ServerSocket listening;
  private final Set<FaultyUpstreamConnection> connections = ConcurrentHashMap.newKeySet();
  private final List<UpstreamExchange> exchanges = new CopyOnWriteArrayList<>();
  private final List<Held> held = new ArrayList<>(); // guarded by itself
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** A wire to a catalog, which stays the caller's to close. */
  public FaultyUpstream(URI catalog, UpstreamPlan plan) {
    this.catalog = catalog;
    this.plan = plan;
    try {
      this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** The catalog's base URI on this wire. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort() + catalog.getRawPath());
  }

  /** The faults on this wire. */
  public UpstreamPlan plan() {
    return plan;
  }

  /** Every request so far, in the order of arrival. */
  public List<UpstreamExchange> exchanges() {
    return List.copyOf(exchanges);
  }

  /** The requests with a method so far whose path contains a text. */
  public List<UpstreamExchange> exchanges(String method, String part) {
    return exchanges.stream()
        .filter(one -> one.method().equals(method) && one.path().contains(part))
        .toList();
  }

  /** Gives the catalog all that was held back, and returns when it has answered. */
  public void deliverHeld() {
    deliverHeld("");
  }

  /** The same for requests only whose path contains a text. */
  public void deliverHeld(String part) {
    for (Held late : taken(part)) {
      try {
        passOn(late.request(), late.exchange());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private List<Held> taken(String part) {
    synchronized (held) {
      List<Held> taken = held.stream().filter(one -> one.exchange().path().contains(part)).toList();
      held.removeAll(taken);
      return taken;
    }
  }

  UpstreamExchange exchange(WireRequest request) {
    UpstreamExchange exchange =
        new UpstreamExchange(
            request.method(), request.key(), plan.next(request.method(), request.key()));
    exchanges.add(exchange);
    return exchange;
  }

  void hold(WireRequest request, UpstreamExchange exchange) {
    synchronized (held) {
      held.add(new Held(request, exchange));
    }
  }

  WireAnswer passOn(WireRequest request, UpstreamExchange exchange) throws IOException {
    try (Socket server = new Socket(catalog.getHost(), catalog.getPort())) {
      server.getOutputStream().write(request.alone());
      WireAnswer answer =
          WireAnswer.read(
              new BufferedInputStream(server.getInputStream()), request.method().equals("HEAD"));
      exchange.answered(answer.status());
      return answer;
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        // Closed; or a client that was gone before it was here.
      }
    }
  }

  private void serve(Socket client) {
    try (FaultyUpstreamConnection connection = new FaultyUpstreamConnection(client, this)) {
      connections.add(connection);
      try {
        connection.serve();
      } finally {
        connections.remove(connection);
      }
    } catch (IOException e) {
      // Either side has gone: the other one sees the same.
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
      threads.shutdownNow();
      for (FaultyUpstreamConnection connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
