package io.twinberg.proxy.http;

import io.twinberg.proxy.catalog.CallTime;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request body that refuses to wait for a client that stalls. */
final class PacedInput extends FilterInputStream {
  private final ClientConnection connection;
  private final ClientPace pace;
  private long bytes;
  private long nanos;

  PacedInput(InputStream body, ClientConnection connection, ClientPace pace) {
    super(body);
    this.connection = connection;
    this.pace = pace;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    return in.available() > 0
        ? counted(in.read(buffer, offset, length))
        : waited(buffer, offset, length);
  }

  private int waited(byte[] buffer, int offset, int length) throws IOException {
    long start = System.nanoTime();
    try {
      int count = counted(patiently(buffer, offset, length));
      nanos += System.nanoTime() - start;
      if (count >= 0 && !pace.isKept(bytes, nanos)) {
        throw tooSlow();
      }
      return count;
    } catch (IOException e) {
      if (ClientConnection.stalled(e)) {
        throw tooSlow();
      }
      throw e;
    }
  }

  private int patiently(byte[] buffer, int offset, int length) throws IOException {
    CallTime time = CallTime.current();
    time.beginWait();
    try {
      return connection.patiently(() -> in.read(buffer, offset, length));
    } finally {
      time.endWait();
    }
  }

  private int counted(int count) {
    bytes += Math.max(count, 0);
    return count;
  }

  private static RefusedException tooSlow() {
    return new RefusedException(
        Reason.TOO_SLOW, "The request's body came too slowly; nothing was done, send it again.");
  }
}
