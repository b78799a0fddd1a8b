package io.twinberg.proxy.capture;

import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.log.Outcome;

/** The counters of capture. */
final class CaptureMetrics {
  private final MeterRegistry registry;

  CaptureMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void logFailed() {
    registry.counter("proxy.log.failures").increment();
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
