package io.twinberg.wake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndTimeTest {
  /** More than a busy machine takes for what does not wait. */
  private static final Duration TIME = Duration.ofSeconds(6);

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final ExecutorService first = hanging();
  private final ExecutorService second = hanging();

  private ExecutorService hanging() {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    threads.execute(this::hang);
    threads.shutdown();
    return threads;
  }

  private void hang() {
    try {
      goOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void end() {
    goOn.countDown();
  }

  @Test
  void await_severalThatDoNotEnd_takesNoLongerThanForOne() {
    Thread third = new Thread(this::hang);
    third.start();
    EndTime end = EndTime.in(TIME);
    assertThat(end.await(first)).isFalse();
    assertThat(end.left()).isZero();

    long started = System.nanoTime();
    assertThat(end.await(second)).isFalse();
    assertThat(end.await(third)).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(TIME);
  }

  @Test
  void await_thoseThatEnd_saysSo() {
    Thread third = new Thread(this::hang);
    third.start();
    EndTime end = EndTime.in(Duration.ofMinutes(1));
    goOn.countDown();
    assertThat(end.await(first)).isTrue();
    assertThat(end.await(second)).isTrue();
    assertThat(end.await(third)).isTrue();
    assertThat(end.left()).isPositive();
  }
}
