package io.twinberg.proxy.capture;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.twinberg.log.Outcome;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The counters of capture. */
final class CaptureMetrics {
  private final MeterRegistry registry;
  private final Counter logFailures;
  private final Timer appends;

  CaptureMetrics(MeterRegistry registry) {
    this.registry = registry;
    // There before the first of them happens: an alert cannot tell a rise from an absent counter.
    this.logFailures = registry.counter("proxy.log.failures");
    this.appends = registry.timer("log.append");
  }

  void logFailed() {
    logFailures.increment();
  }

  long appended(LongSupplier append) {
    long start = System.nanoTime();
    long id = append.getAsLong();
    appends.record(Duration.ofNanos(System.nanoTime() - start));
    return id;
  }

  void settled(Outcome outcome) {
    registry.counter("intents", "outcome", name(outcome)).increment();
  }

  private static String name(Outcome outcome) {
    if (outcome instanceof Outcome.Committed) {
      return "committed";
    }
    return outcome instanceof Outcome.Rejected ? "rejected" : "unknown";
  }
}
