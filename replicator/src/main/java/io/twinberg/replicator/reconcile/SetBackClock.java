package io.twinberg.replicator.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Notices when a clock is set back, by a count of time that never is. */
final class SetBackClock {
  /** Less is no harm, and may be the time between two readings. */
  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  private final Supplier<Instant> clock;
  private final LongSupplier nanoTime;
  private Instant seen;
  private long seenNanos;

  SetBackClock(Supplier<Instant> clock, LongSupplier nanoTime) {
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.seen = Instant.MIN;
  }

  /** Whether it was set back since the last question. */
  boolean wentBack() {
    Instant now = clock.get();
    long nanos = nanoTime.getAsLong();
    Instant least =
        seen.equals(Instant.MIN) ? now : seen.plusNanos(nanos - seenNanos).minus(TOLERANCE);
    seen = now;
    seenNanos = nanos;
    return now.isBefore(least);
  }
}
