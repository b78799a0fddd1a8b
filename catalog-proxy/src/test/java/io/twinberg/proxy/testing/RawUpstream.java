package io.twinberg.proxy.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An upstream at the level of bytes: it may break off wherever the test wants it to. */
public final class RawUpstream implements AutoCloseable {
  /** Decides what happens to a request; false closes the connection. */
  public interface Behaviour {
    /** Answers on the stream, or not at all. */
    boolean answer(String head, InputStream in, OutputStream out) throws IOException;
  }

  private final ServerSocket server;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final Behaviour behaviour;

  /** Starts on a free port. */
  public RawUpstream(Behaviour behaviour) {
    this.behaviour = behaviour;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    executor.execute(this::accept);
  }

  /** The base with which a source is configured. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** The request lines so far, without those for the config. */
  public List<String> requestLines() {
    return heads.stream()
        .map(head -> head.split("\r\n", 2)[0])
        .filter(line -> !line.contains("/v1/config"))
        .toList();
  }

  /** How many connections were opened. */
  public int connections() {
    return sockets.size();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        executor.execute(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      boolean more = true;
      while (more) {
        String head = head(in);
        if (head.isEmpty()) {
          return;
        }
        heads.add(head);
        more = head.contains("/v1/config") ? config(out) : behaviour.answer(head, in, out);
        out.flush();
      }
    } catch (IOException e) {
      // The other side has gone, or the test is over.
      return;
    }
  }

  private static boolean config(OutputStream out) throws IOException {
    write(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    return true;
  }

  /** Writes text as it is. */
  public static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** Reads a body with the length that the head tells. */
  public static byte[] body(String head, InputStream in) throws IOException {
    int at = head.toLowerCase(Locale.ROOT).indexOf("content-length:");
    String length = head.substring(at + "content-length:".length()).split("\r\n", 2)[0];
    return in.readNBytes(Integer.parseInt(length.trim()));
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int value = in.read();
    while (value >= 0) {
      head.write(value);
      if (head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        return head.toString(StandardCharsets.ISO_8859_1);
      }
      value = in.read();
    }
    return "";
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    executor.shutdownNow();
  }
}
