package io.twinberg.wake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class WakeTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final Wake wake = new Wake();

  @Test
  void await_rungBefore_returnsAtOnce() throws Exception {
    wake.signal();

    wake.await(LONG);
  }

  @Test
  void await_rungWhileWaiting_returns() throws Exception {
    Thread waiting = new Thread(this::awaitLong);
    waiting.start();
    Awaitility.await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);

    wake.signal();

    waiting.join();
  }

  @Test
  void await_manyRingsBefore_countAsOne() throws Exception {
    wake.signal();
    wake.signal();
    wake.signal();
    wake.await(LONG);

    CompletableFuture<Void> second = CompletableFuture.runAsync(this::awaitLong);

    Awaitility.await().during(SHORT).until(() -> !second.isDone());
    wake.signal();
    second.join();
  }

  @Test
  void await_neverRung_returnsAfterTheLongestWait() throws Exception {
    long start = System.nanoTime();

    wake.await(SHORT);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(SHORT);
  }

  @Test
  void repeat_rungInBetween_goesOnUntilItIsToldToEnd() {
    AtomicInteger turns = new AtomicInteger();
    CompletableFuture<Void> loop =
        CompletableFuture.runAsync(() -> wake.repeat(LONG, turns::incrementAndGet));
    Awaitility.await().until(() -> turns.get() == 1);

    wake.signal();
    Awaitility.await().until(() -> turns.get() == 2);
    wake.end();
    loop.join();

    assertThat(turns.get()).isEqualTo(2);
  }

  private void awaitLong() {
    try {
      wake.await(LONG);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
