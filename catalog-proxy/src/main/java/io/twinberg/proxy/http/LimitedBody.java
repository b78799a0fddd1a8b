package io.twinberg.proxy.http;

import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request body that refuses to go on when it has become larger than allowed. */
final class LimitedBody extends FilterInputStream {
  static final String ATTRIBUTE = LimitedBody.class.getName();

  private final long limit;
  private long left;
  private volatile boolean touched;

  LimitedBody(InputStream body, long limit) {
    super(body);
    this.limit = limit;
    this.left = limit;
  }

  /** Whether anybody has begun to read. */
  boolean touched() {
    return touched;
  }

  @Override
  public int read() throws IOException {
    touched = true;
    int value = super.read();
    count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    touched = true;
    int count = super.read(buffer, offset, length);
    count(Math.max(count, 0));
    return count;
  }

  private void count(int read) {
    left -= read;
    if (left < 0) {
      throw tooLarge(limit);
    }
  }

  static RefusedException tooLarge(long limit) {
    return new RefusedException(
        Reason.TOO_LARGE, "The request's body is larger than " + limit + " bytes");
  }
}
