package io.twinberg.storage;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * The timers that end the calls of all S3 clients of a process that take too long. The timer of a
 * call that has ended leaves the queue at once; in the SDK's own queues it would stay until its
 * time is over, with some thousands of others at a busy moment.
 */
final class S3Timeouts {
  private static final int THREADS = 2;
  private static final ScheduledThreadPoolExecutor TIMERS = timers();

  private S3Timeouts() {}

  /** Belongs to the process; no client closes it. */
  static ScheduledExecutorService shared() {
    return TIMERS;
  }

  /** How many calls are under way or have left their timers behind. */
  static int waiting() {
    return TIMERS.getQueue().size();
  }

  private static ScheduledThreadPoolExecutor timers() {
    ScheduledThreadPoolExecutor timers =
        new ScheduledThreadPoolExecutor(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "s3-timeouts");
              thread.setDaemon(true);
              return thread;
            });
    timers.setRemoveOnCancelPolicy(true);
    return timers;
  }
}
