package io.twinberg.proxy.forward;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * An answer's body that must end before the call's time-out. The JDK's client watches the time only
 * until the headers are there.
 */
final class DeadlineBody extends FilterInputStream {
  private final Future<?> deadline;
  private volatile boolean expired;

  DeadlineBody(InputStream body, Duration left, ScheduledExecutorService timer) {
    super(body);
    this.deadline = timer.schedule(this::expire, left.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void expire() {
    expired = true;
    try {
      in.close();
    } catch (IOException ignored) {
      // The reader learns from the flag that the time is over.
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      int count = super.read(buffer, offset, length);
      if (expired) {
        throw new HttpTimeoutException("the answer did not end in time");
      }
      return count;
    } catch (IOException e) {
      throw expired ? new HttpTimeoutException("the answer did not end in time") : e;
    }
  }

  @Override
  public void close() throws IOException {
    deadline.cancel(false);
    super.close();
  }
}
