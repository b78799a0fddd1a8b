package io.twinberg.proxy.capture;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.twinberg.proxy.catalog.CallTime;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.ServedCatalog;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Measures what the proxy adds to the calls that it forwards to a source: from when the listener
 * has a call's head until the answer's head can go to the client, without the wait for the source
 * (connecting, sending, until the head of its answer is there) and for the client's own body.
 *
 * <p>So it holds finding out who calls, the intent and the outcome of a commit, signing, and what
 * must be read of an answer before it can be passed on: all of a config, of a table that is loaded,
 * and of the answer to a commit. Passing the body of an answer on is not in it. Calls that are
 * refused before anything is sent are not measured.
 */
public final class TimedCatalog implements ServedCatalog {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2)
  };

  private final ServedCatalog next;
  private final Timer reads;
  private final Timer mutations;

  /** Measures what goes to {@code next}, a source that is not in this process. */
  public TimedCatalog(String source, ServedCatalog next, MeterRegistry registry) {
    this.next = next;
    this.reads = timer(source, "read", registry);
    this.mutations = timer(source, "mutation", registry);
  }

  private static Timer timer(String source, String kind, MeterRegistry registry) {
    return Timer.builder("proxy.added")
        .tag("source", source)
        .tag("kind", kind)
        .serviceLevelObjectives(BUCKETS)
        .description("What the proxy added to calls, without the wait for source and client.")
        .register(registry);
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    try {
      return next.answer(call);
    } finally {
      record(call);
    }
  }

  private void record(CatalogCall call) {
    CallTime time = CallTime.current();
    if (time.forwarded()) {
      boolean mutates = MutationRoute.of(call.method(), call.path()).isPresent();
      (mutates ? mutations : reads).record(time.addedNanos(), TimeUnit.NANOSECONDS);
    }
  }
}
