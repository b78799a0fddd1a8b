package io.twinberg.proxy.forward;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/**
 * An answer's body as it comes from the upstream, which must end before the call's deadline. Its
 * connection is free for the next call when the body has been read to its end; closed before that,
 * the connection is closed, too: what is left may never come.
 */
final class AnswerBody extends FilterInputStream {
  private final CallDeadline deadline;
  private boolean ended;

  AnswerBody(InputStream body, CallDeadline deadline) {
    super(body);
    this.deadline = deadline;
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
      if (deadline.expired()) {
        throw new SocketTimeoutException("the answer did not end in time");
      }
      if (count < 0) {
        end();
      }
      return count;
    } catch (IOException e) {
      throw deadline.expired() ? new SocketTimeoutException("the answer did not end in time") : e;
    }
  }

  private void end() {
    ended = true;
    deadline.met();
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      deadline.giveUp();
    }
  }
}
