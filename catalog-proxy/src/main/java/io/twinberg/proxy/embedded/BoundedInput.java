package io.twinberg.proxy.embedded;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails when it is longer than allowed. */
final class BoundedInput extends FilterInputStream {
  private long left;

  BoundedInput(InputStream in, long limit) {
    super(in);
    this.left = limit;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    return read < 0 ? read : (int) count(1, read);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    return read < 0 ? read : (int) count(read, read);
  }

  private long count(int bytes, int result) throws IOException {
    left -= bytes;
    if (left < 0) {
      throw new IOException("the body is too large");
    }
    return result;
  }
}
