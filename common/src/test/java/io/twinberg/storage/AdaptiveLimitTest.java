package io.twinberg.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class AdaptiveLimitTest {
  private final AdaptiveLimit limit = new AdaptiveLimit(16);

  @Test
  void throttled_halvesDownToOne() throws InterruptedException {
    for (int expected : new int[] {8, 4, 2, 1, 1}) {
      assertThat(limit.throttled(limit.enter())).isTrue();
      assertThat(limit.limit()).isEqualTo(expected);
    }
  }

  @Test
  void throttled_manyOfTheSameTime_halveOnce() throws InterruptedException {
    int first = limit.enter();
    int second = limit.enter();

    assertThat(limit.throttled(first)).isTrue();
    assertThat(limit.throttled(second)).isFalse();

    assertThat(limit.limit()).isEqualTo(8);
  }

  @Test
  void answered_eachRound_allowsOneMoreUpToTheMost() throws InterruptedException {
    limit.throttled(limit.enter());
    for (int round = 8; round < 16; round++) {
      for (int call = 0; call < round; call++) {
        assertThat(limit.limit()).isEqualTo(round);
        limit.answered(limit.enter());
      }
    }
    limit.answered(limit.enter());
    assertThat(limit.limit()).isEqualTo(16);
  }

  /** It was sent when more were allowed, and proves nothing of now. */
  @Test
  void answered_callFromBeforeADecrease_countsForNothing() throws InterruptedException {
    int early = limit.enter();
    for (int i = 0; i < 4; i++) {
      limit.throttled(limit.enter());
    }
    limit.answered(early);

    assertThat(limit.limit()).isEqualTo(1);
  }

  @Test
  void enter_atTheLimit_waitsForAnEnd() throws InterruptedException {
    for (int i = 0; i < 4; i++) {
      limit.throttled(limit.enter());
    }
    int only = limit.enter();
    CountDownLatch entered = new CountDownLatch(1);
    Thread next =
        new Thread(
            () -> {
              try {
                limit.enter();
                entered.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    next.start();
    while (next.getState() != Thread.State.WAITING && next.isAlive()) {
      Thread.onSpinWait();
    }
    assertThat(entered.getCount()).isEqualTo(1);

    limit.answered(only);

    assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
    next.join();
  }
}
