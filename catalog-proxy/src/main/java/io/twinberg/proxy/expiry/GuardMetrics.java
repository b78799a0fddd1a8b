package io.twinberg.proxy.expiry;

import io.micrometer.core.instrument.MeterRegistry;

/** The counters of the guard, by source and destination. */
final class GuardMetrics {
  private final String source;
  private final MeterRegistry registry;

  GuardMetrics(String source, MeterRegistry registry) {
    this.source = source;
    this.registry = registry;
  }

  void refused(String destination) {
    count("expiry.guard.refused", destination);
  }

  void released(String destination) {
    count("expiry.guard.released", destination);
  }

  private void count(String name, String destination) {
    registry.counter(name, "source", source, "destination", destination).increment();
  }
}
