package io.twinberg.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A wire between S3 clients and an {@link S3Server} on which things go wrong as a {@link FaultPlan}
 * has it. What passes, passes to the byte, so that signatures stay good.
 */
public final class FaultyS3 implements AutoCloseable {
  private final S3Server server;
  private final FaultPlan plan;
  private final boolean checksums;
  private final ServerSocket listening;
  private final Set<FaultyConnection> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private FaultyS3(S3Server server, FaultPlan plan, boolean checksums) {
    this.server = server;
    this.plan = plan;
    this.checksums = checksums;
    try {
      this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /**
   * A wire to a server, which stays the caller's to close. Who asks is told the checksum of an
   * object: S3 keeps one of each, but the server forgets those that come behind a body.
   */
  public static FaultyS3 before(S3Server server, FaultPlan plan) {
    return new FaultyS3(server, plan, true);
  }

  /** A wire to a server that knows no checksums. */
  public static FaultyS3 withoutChecksums(S3Server server, FaultPlan plan) {
    return new FaultyS3(server, plan, false);
  }

  /** The URI to send requests to. */
  public String endpoint() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /** What a client needs, in Iceberg's property names. */
  public Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>(server.properties());
    properties.put("s3.endpoint", endpoint());
    return properties;
  }

  /** The faults on this wire. */
  public FaultPlan plan() {
    return plan;
  }

  private void accept() {
    int serverPort = URI.create(server.endpoint()).getPort();
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        threads.execute(() -> serve(client, serverPort));
      } catch (IOException e) {
        // Closed; or a client that was gone before it was here.
      }
    }
  }

  private void serve(Socket client, int serverPort) {
    try (FaultyConnection connection = new FaultyConnection(client, serverPort, plan, checksums)) {
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
      for (FaultyConnection connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
