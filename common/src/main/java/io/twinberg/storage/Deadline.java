package io.twinberg.storage;

import io.twinberg.storage.StoreException.Kind;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The moment after which a request is not sent any more, neither for the first time nor again. Time
 * is that of the machine's own counter, which nobody sets.
 */
public final class Deadline {
  /** No such moment. */
  public static final Deadline NONE = new Deadline(() -> 0, 1);

  private final LongSupplier nanos;
  private final long end;

  private Deadline(LongSupplier nanos, long end) {
    this.nanos = nanos;
    this.end = end;
  }

  /** A deadline some time from now on. */
  public static Deadline in(Duration duration) {
    return in(duration, System::nanoTime);
  }

  /** A deadline by another counter of nanoseconds. */
  public static Deadline in(Duration duration, LongSupplier nanos) {
    return new Deadline(nanos, nanos.getAsLong() + duration.toNanos());
  }

  /**
   * To be called right before a request is sent.
   *
   * @throws StoreException when it may not be sent any more
   */
  void requireBefore(String location) {
    if (nanos.getAsLong() - end >= 0) {
      throw new StoreException(
          Kind.UNAVAILABLE, location, "The request for " + location + " comes too late to be sent");
    }
  }
}
