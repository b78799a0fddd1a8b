package io.twinberg.storage;

import dev.failsafe.RateLimiter;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The bytes that may be written in a second, over all threads; or any number. */
final class Bandwidth {
  private static final int UNIT_BYTES = 1024;

  private final @Nullable RateLimiter<Object> units;

  Bandwidth(OptionalLong bytesPerSecond) {
    this.units =
        bytesPerSecond.isPresent()
            ? RateLimiter.smoothBuilder(
                    Math.max(1, bytesPerSecond.getAsLong() / UNIT_BYTES), Duration.ofSeconds(1))
                .build()
            : null;
  }

  /** Waits for the right to write so many bytes. */
  void take(long bytes) throws InterruptedException {
    if (units != null && bytes > 0) {
      units.acquirePermits((int) Math.min(Integer.MAX_VALUE, 1 + (bytes - 1) / UNIT_BYTES));
    }
  }
}
