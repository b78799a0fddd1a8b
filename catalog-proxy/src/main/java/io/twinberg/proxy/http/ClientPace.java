package io.twinberg.proxy.http;

import java.time.Duration;

/**
 * How slowly a client may send and read before it is taken for one that only holds a place.
 *
 * @param patience how long a request's head may take, and how long a body may stand still
 * @param bytesPerSecond what a body must reach on the whole, once the patience is used up
 */
public record ClientPace(Duration patience, long bytesPerSecond) {
  /** Half a minute, then 16 KiB a second: less than any link that an engine is put on. */
  public static final ClientPace DEFAULT = new ClientPace(Duration.ofSeconds(30), 16 * 1024);

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Checks the bounds. */
  public ClientPace {
    if (patience.isZero() || patience.isNegative() || bytesPerSecond < 1) {
      throw new IllegalArgumentException(
          "a client must be given time and a rate, not " + patience + " and " + bytesPerSecond);
    }
  }

  /** Whether a client kept up that took so long for so many bytes. */
  boolean isKept(long bytes, long nanos) {
    double allowed = patience.toNanos() + (double) bytes * NANOS_PER_SECOND / bytesPerSecond;
    return nanos <= allowed;
  }
}
