package io.twinberg.proxy.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionMetaData;

/**
 * The connection that a request came on. Whoever reads or writes a body on it waits no longer than
 * the client's pace allows; while nothing is read or written, the listener's own idle time counts,
 * so that a source may take its time.
 */
public final class ClientConnection {
  private final EndPoint endPoint;
  private final AbstractConnector connector;
  private final ClientPace pace;
  private final boolean knowsChunks;

  private ClientConnection(HttpServletRequest request, ClientPace pace) {
    ConnectionMetaData of =
        ServletContextRequest.getServletContextRequest(request).getConnectionMetaData();
    this.endPoint = of.getConnection().getEndPoint();
    this.connector = (AbstractConnector) of.getConnector();
    this.pace = pace;
    this.knowsChunks = of.getHttpVersion() == HttpVersion.HTTP_1_1;
  }

  /** The connection of a request, whose client is expected to keep a pace. */
  public static ClientConnection of(HttpServletRequest request, ClientPace pace) {
    return new ClientConnection(request, pace);
  }

  /** A request's body that fails when the client stalls. */
  InputStream paced(InputStream body) {
    return new PacedInput(body, this, pace);
  }

  /** An answer's body that fails when the client stalls. */
  public OutputStream paced(OutputStream body) {
    return new PacedOutput(body, this, pace);
  }

  /** Whether the client understands bodies of which nobody knows the length. */
  public boolean knowsChunks() {
    return knowsChunks;
  }

  /** Closing the socket is the only way to keep the server from ending a body properly. */
  public void close() {
    endPoint.close();
  }

  /** Reads or writes on the connection. */
  public interface Transfer {
    /** Runs it, and says how many bytes it moved. */
    int run() throws IOException;
  }

  /** Runs what may block, for no longer than the client may stand still. */
  public int patiently(Transfer transfer) throws IOException {
    return within(pace.patience(), transfer);
  }

  /** Runs what may block, for no longer than a while. */
  int within(Duration longest, Transfer transfer) throws IOException {
    long usual = endPoint.getIdleTimeout();
    endPoint.setIdleTimeout(longest.toMillis());
    try {
      return transfer.run();
    } finally {
      endPoint.setIdleTimeout(usual);
      if (connector.isShutdown()) {
        // A stop may have set it in between, and would wait for this connection.
        endPoint.setIdleTimeout(connector.getShutdownIdleTimeout());
      }
    }
  }

  /** Whether a transfer failed because the client stood still. */
  public static boolean stalled(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }
}
