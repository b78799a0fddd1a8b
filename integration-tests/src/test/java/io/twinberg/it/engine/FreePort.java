package io.twinberg.it.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * A port that nobody listens on, for servers that must be told one. Somebody else may take it
 * before they do; then their start fails and says so.
 */
public final class FreePort {
  private FreePort() {}

  /** A free port of the loopback address. */
  public static int find() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
