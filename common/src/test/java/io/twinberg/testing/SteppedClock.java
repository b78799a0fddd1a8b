package io.twinberg.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is stepped. */
public final class SteppedClock extends Clock {
  private final AtomicReference<Instant> now;

  /** A clock that shows {@code start}. */
  public SteppedClock(Instant start) {
    this.now = new AtomicReference<>(start);
  }

  /** Lets time pass. */
  public void step(Duration duration) {
    now.updateAndGet(instant -> instant.plus(duration));
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
