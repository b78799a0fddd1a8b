package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Waits for replicas. */
final class Replicated {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(50);

  private Replicated() {}

  /** Waits until the replica shows what its source shows, and returns that. */
  static TableHistory awaitCurrent(RunningTwinberg twinberg, String namespace, String table) {
    return awaitCurrent(twinberg, namespace, table, LIMIT);
  }

  static TableHistory awaitCurrent(
      RunningTwinberg twinberg, String namespace, String table, Duration limit) {
    TableHistory source = twinberg.reads(Setup.SOURCE).history(namespace, table).orElseThrow();
    AtomicReference<Optional<TableHistory>> seen = new AtomicReference<>(Optional.empty());
    await("replica of " + namespace + "." + table)
        .atMost(limit)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL)
        .untilAsserted(
            () -> {
              seen.set(twinberg.reads(Setup.DESTINATION).history(namespace, table));
              assertThat(seen.get()).contains(source);
            });
    return source;
  }
}
