package io.twinberg.proxy.forward;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The end of one call's time: breaks the call off wherever it stands, be it waiting for a
 * connection, sending, or reading an answer that drips. The client's own time-outs begin again with
 * every byte.
 */
final class CallDeadline {
  private final Runnable breakOff;
  private final Future<?> timer;
  private volatile boolean expired;

  CallDeadline(Duration time, Runnable breakOff, ScheduledExecutorService timers) {
    this.breakOff = breakOff;
    this.timer = timers.schedule(this::expire, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void expire() {
    expired = true;
    breakOff.run();
  }

  /** Whether it was the deadline that broke the call off. */
  boolean expired() {
    return expired;
  }

  /** The call has ended in time. */
  void met() {
    timer.cancel(false);
  }

  /** Ends the call early: nobody wants the rest of the answer. */
  void giveUp() {
    met();
    breakOff.run();
  }
}
