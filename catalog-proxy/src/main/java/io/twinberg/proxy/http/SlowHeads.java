package io.twinberg.proxy.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections whose client takes too long over the head of a request. They hold no thread,
 * but each is one of a bounded number, and every byte that drips in starts the idle time anew.
 */
final class SlowHeads extends AbstractLifeCycle {
  private static final long LOOKS_PER_PATIENCE = 8;

  private final ServerConnector connector;
  private final Duration patience;
  private Map<EndPoint, Look> last = new HashMap<>();
  private Scheduler.@Nullable Task next;

  SlowHeads(ServerConnector connector, Duration patience) {
    this.connector = connector;
    this.patience = patience;
  }

  /**
   * What a look at a connection saw.
   *
   * @param bytesIn what it had read when it was quiet last
   * @param sinceNanos since when a head is on its way
   */
  private record Look(long requests, long bytesIn, long sinceNanos) {}

  @Override
  protected void doStart() {
    schedule();
  }

  @Override
  protected void doStop() {
    Scheduler.Task task = next;
    if (task != null) {
      task.cancel();
    }
  }

  private void schedule() {
    long millis = Math.max(1, patience.toMillis() / LOOKS_PER_PATIENCE);
    next = connector.getScheduler().schedule(this::look, millis, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long now = System.nanoTime();
    Map<EndPoint, Look> seen = new HashMap<>();
    for (EndPoint endPoint : connector.getConnectedEndPoints()) {
      Look look = look(endPoint, now);
      if (now - look.sinceNanos() > patience.toNanos()) {
        endPoint.close();
      } else {
        seen.put(endPoint, look);
      }
    }
    last = seen;
    if (isRunning()) {
      schedule();
    }
  }

  private Look look(EndPoint endPoint, long now) {
    Connection http = http(endPoint.getConnection());
    long requests = http == null ? 0 : http.getMessagesIn();
    long bytesIn = http == null ? 0 : http.getBytesIn();
    Look before = last.get(endPoint);
    if (before == null) {
      return new Look(requests, bytesIn, now);
    }
    boolean waits = http == null || requests == http.getMessagesOut();
    boolean first = requests == 0;
    boolean grows = before.requests() == requests && before.bytesIn() < bytesIn;
    return waits && (first || grows) ? before : new Look(requests, bytesIn, now);
  }

  /** The connection inside TLS, if it is encrypted; nothing during its handshake. */
  private static @Nullable Connection http(@Nullable Connection connection) {
    return connection instanceof SslConnection ssl
        ? ssl.getSslEndPoint().getConnection()
        : connection;
  }
}
