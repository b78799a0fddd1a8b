package io.twinberg.storage;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.twinberg.storage.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an object, although answers break off in their body: it is opened again and read on.
 * A store's client repeats requests, but not the reading of an answer that it has begun; of many
 * reads in a row one would fail soon, and all would begin anew.
 *
 * <p>The object is read again from its beginning, so that the store's checksum still vouches for
 * all of it, and what was given before must be there again. Not for use by several threads.
 */
final class RepeatedInput extends InputStream {
  private static final RetryPolicy<Object> WHEN_BROKEN_OFF =
      RetryPolicy.builder()
          .handleIf(e -> e instanceof StoreException failed && failed.kind() == Kind.UNAVAILABLE)
          .withMaxRetries(2)
          // A store that stalls each time has been waited for long enough by then.
          .withMaxDuration(Duration.ofSeconds(30))
          .withBackoff(Duration.ofMillis(50), Duration.ofSeconds(1))
          .withJitter(0.5)
          .build();

  /** One that breaks off all the time makes progress, too, and must end some day. */
  private static final int MOST_TIMES = 16;

  private final String location;
  private final Supplier<InputStream> opening;
  private final CRC32C sum = new CRC32C();
  private InputStream in;
  private long given;
  private int reopened;

  /**
   * Opens an object.
   *
   * @param opening opens it from the same byte each time
   */
  RepeatedInput(String location, Supplier<InputStream> opening) {
    this.location = location;
    this.opening = opening;
    this.in = opening.get();
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    int count = readOn(bytes, offset, length);
    if (count > 0) {
      sum.update(bytes, offset, count);
      given += count;
    }
    return count;
  }

  private int readOn(byte[] bytes, int offset, int length) {
    try {
      return readOnce(bytes, offset, length);
    } catch (StoreException e) {
      if (e.kind() != Kind.UNAVAILABLE || reopened >= MOST_TIMES) {
        throw e;
      }
      return readAgain(bytes, offset, length);
    }
  }

  private int readAgain(byte[] bytes, int offset, int length) {
    try {
      return Failsafe.with(WHEN_BROKEN_OFF)
          .get(
              () -> {
                reopen();
                return readOnce(bytes, offset, length);
              });
    } catch (FailsafeException e) {
      // Only waiting can be interrupted here; whoever loops above must still see it.
      Thread.currentThread().interrupt();
      throw failure("interrupted before it was read again", e);
    }
  }

  private int readOnce(byte[] bytes, int offset, int length) {
    try {
      return in.read(bytes, offset, length);
    } catch (IOException e) {
      throw failure(e.getMessage(), e);
    }
  }

  private void reopen() {
    reopened++;
    try {
      in.close();
      in = opening.get();
      CheckedInputStream again = new CheckedInputStream(in, new CRC32C());
      again.skipNBytes(given);
      if (again.getChecksum().getValue() != sum.getValue()) {
        throw failure("it was not the same when it was read again", null);
      }
    } catch (IOException e) {
      throw failure(e.getMessage(), e);
    }
  }

  private StoreException failure(@Nullable String why, @Nullable Exception cause) {
    return new StoreException(
        Kind.UNAVAILABLE, location, "Cannot read " + location + ": " + why, cause);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
