package io.twinberg.proxy.http;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** An answer's body that fails instead of waiting for a client that does not read it. */
final class PacedOutput extends FilterOutputStream {
  private final ClientConnection connection;
  private final ClientPace pace;
  private long bytes;
  private long nanos;

  PacedOutput(OutputStream body, ClientConnection connection, ClientPace pace) {
    super(body);
    this.connection = connection;
    this.pace = pace;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    waited(length, () -> out.write(buffer, offset, length));
  }

  @Override
  public void flush() throws IOException {
    waited(0, out::flush);
  }

  /** Writes to the connection. */
  private interface Write {
    void run() throws IOException;
  }

  private void waited(int length, Write write) throws IOException {
    long start = System.nanoTime();
    connection.patiently(
        () -> {
          write.run();
          return length;
        });
    bytes += length;
    nanos += System.nanoTime() - start;
    if (!pace.isKept(bytes, nanos)) {
      throw new IOException("the client reads the answer too slowly");
    }
  }
}
