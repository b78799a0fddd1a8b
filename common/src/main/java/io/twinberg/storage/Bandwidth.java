package io.twinberg.storage;

import dev.failsafe.RateLimiter;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that may be written in a second, over all threads; or any number. The right to write is
 * taken in slices, so that whoever has much to write does not keep the others from their little.
 */
final class Bandwidth {
  private static final int UNIT_BYTES = 1024;

  /**
   * What is more is no limit for anybody; the limiter counts nanoseconds from one unit to the next.
   */
  private static final long MOST_UNITS = 1_000_000_000;

  private static final int SLICES_A_SECOND = 10;

  private final @Nullable RateLimiter<Object> units;
  private final long sliceBytes;

  /** Many writes are shorter than a unit, and are not to count as one each. */
  private final AtomicLong takenBytes = new AtomicLong();

  Bandwidth(OptionalLong bytesPerSecond) {
    long perSecond =
        Math.min(MOST_UNITS, Math.max(1, bytesPerSecond.orElse(UNIT_BYTES) / UNIT_BYTES));
    this.units =
        bytesPerSecond.isPresent()
            ? RateLimiter.smoothBuilder(perSecond, Duration.ofSeconds(1)).build()
            : null;
    this.sliceBytes = Math.max(1, perSecond / SLICES_A_SECOND) * UNIT_BYTES;
  }

  /**
   * Waits for the right to write some of so many bytes.
   *
   * @return how many may be written now
   */
  long takeSome(long bytes) throws InterruptedException {
    if (units == null) {
      return bytes;
    }
    long some = Math.min(bytes, sliceBytes);
    long before = takenBytes.getAndAdd(some);
    long more = (before + some) / UNIT_BYTES - before / UNIT_BYTES;
    if (more > 0) {
      units.acquirePermits((int) more);
    }
    return some;
  }
}
