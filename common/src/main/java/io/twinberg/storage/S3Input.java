package io.twinberg.storage;

import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The body of a GET, whose failures are those of a store. */
final class S3Input extends InputStream {
  /** Up to here, reading the rest is cheaper than a new connection. */
  private static final long DRAIN_LIMIT = 64 * 1024;

  private final String location;
  private final ResponseInputStream<GetObjectResponse> body;
  private long remaining;
  private boolean closed;

  S3Input(String location, ResponseInputStream<GetObjectResponse> body) {
    this.location = location;
    this.body = body;
    Long length = body.response().contentLength();
    this.remaining = length == null ? Long.MAX_VALUE : length;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    try {
      int count = body.read(bytes, offset, length);
      remaining = count < 0 ? 0 : remaining - count;
      if (count > 0 && remaining == 0) {
        requireSound();
      }
      return count;
    } catch (SdkException e) {
      throw S3Errors.translate("read", location, e);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /**
   * The SDK compares checksums when it is asked for more at the end. Whoever knows how much there
   * is never asks, so nobody gets the last bytes before.
   */
  private void requireSound() throws IOException {
    if (body.read() >= 0) {
      throw new IOException("there is more than was announced");
    }
  }

  /** Gives the connection back, or drops it when too much is unread: close would read it all. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (remaining > DRAIN_LIMIT) {
      body.abort();
      return;
    }
    try {
      body.close();
    } catch (SdkException | IOException e) {
      // Nobody waits for the rest, and a connection that fails to drain is not used again.
      body.abort();
    }
  }

  private StoreException broken(IOException e) {
    return S3Errors.translate(
        "read",
        location,
        SdkClientException.create("the connection broke while reading: " + e.getMessage(), e));
  }
}
